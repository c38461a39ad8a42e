SELECT id, tenant, run FROM inbox WHERE id > ?1 ORDER BY id LIMIT ?2
