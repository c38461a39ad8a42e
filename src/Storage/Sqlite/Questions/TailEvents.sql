SELECT position, run, sequence, epoch, type, bytes, self
FROM event
WHERE position > ?1 AND tenant = ?2
ORDER BY position
LIMIT ?3
