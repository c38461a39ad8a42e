DELETE FROM payload WHERE tenant = ?1 AND run = ?2
