SELECT sealed FROM session_name WHERE tenant = ?1 AND session = ?2
