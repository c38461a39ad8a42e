SELECT head_sequence, head, head_position, epoch, owner_boot IS NOT NULL
FROM run
WHERE tenant = ?1 AND run = ?2
