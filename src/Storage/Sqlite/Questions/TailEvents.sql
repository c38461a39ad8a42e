SELECT position, run, sequence, epoch, type, bytes, self
FROM event
-- The plus keeps the index by run out of it, which would have to be sorted.
WHERE position > ?1 AND +tenant = ?2
ORDER BY position
LIMIT ?3
