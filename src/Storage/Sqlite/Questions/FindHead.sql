SELECT head_sequence FROM run WHERE tenant = ?1 AND run = ?2
