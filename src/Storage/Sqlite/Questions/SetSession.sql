UPDATE run SET session = ?1 WHERE tenant = ?2 AND run = ?3
