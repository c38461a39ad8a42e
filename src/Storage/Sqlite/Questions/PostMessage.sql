INSERT INTO inbox (tenant, run, kind, sealed)
SELECT ?1, ?2, ?3, ?4
WHERE (SELECT count(*) FROM inbox WHERE tenant = ?1 AND run = ?2 AND kind = ?3) < ?5
RETURNING id
