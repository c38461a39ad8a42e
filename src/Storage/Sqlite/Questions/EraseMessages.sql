DELETE FROM inbox WHERE tenant = ?1 AND run = ?2
