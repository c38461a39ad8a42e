SELECT run FROM run WHERE tenant = ?1 AND idempotency_key = ?2
