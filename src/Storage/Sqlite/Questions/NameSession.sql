INSERT INTO session_name (tenant, session, pseudonym, sealed) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (tenant, session) DO UPDATE SET pseudonym = excluded.pseudonym, sealed = excluded.sealed
