UPDATE run SET wrapped_key = x'', idempotency_key = NULL WHERE tenant = ?1 AND run = ?2
