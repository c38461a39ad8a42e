-- Looks at every entry of every run: only for a run whose chain is broken.
SELECT position, sequence
FROM event
WHERE tenant = ?1 AND run = ?2 AND sequence >= ?3
ORDER BY position
