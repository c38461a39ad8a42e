UPDATE run
SET owner_boot = NULL, owner_process = NULL, owner_start = NULL, owner_instance = NULL, lease_until = NULL
WHERE tenant = ?1 AND run = ?2 AND epoch = ?3
