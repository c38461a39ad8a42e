SELECT epoch, owner_boot, owner_process, owner_start, owner_instance
FROM run
WHERE tenant = ?1 AND run = ?2 AND owner_boot IS NOT NULL AND lease_until > ?3
