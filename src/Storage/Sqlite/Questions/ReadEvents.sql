SELECT sequence, epoch, type, bytes, self
FROM event
WHERE tenant = ?1 AND run = ?2 AND sequence >= ?3
ORDER BY sequence
LIMIT ?4
