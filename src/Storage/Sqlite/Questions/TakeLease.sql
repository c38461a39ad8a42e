UPDATE run
SET epoch = epoch + 1, owner_boot = ?1, owner_process = ?2, owner_start = ?3, owner_instance = ?4, lease_until = ?5
WHERE tenant = ?6 AND run = ?7
  AND (owner_boot IS NULL OR lease_until <= ?8 OR epoch = ?9)
RETURNING epoch
