SELECT session FROM session_name WHERE tenant = ?1 AND pseudonym = ?2
