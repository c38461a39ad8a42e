UPDATE run SET lease_until = ?1
WHERE tenant = ?2 AND run = ?3 AND epoch = ?4 AND owner_boot IS NOT NULL
