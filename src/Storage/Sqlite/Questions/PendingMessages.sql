SELECT id, kind, sealed FROM inbox WHERE tenant = ?1 AND run = ?2 ORDER BY id
