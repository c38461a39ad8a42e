INSERT INTO payload (tenant, run, commitment, sealed) VALUES (?1, ?2, ?3, ?4)
