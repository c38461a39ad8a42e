SELECT tenant, run FROM run WHERE wake_at <= ?1 ORDER BY wake_at LIMIT ?2
