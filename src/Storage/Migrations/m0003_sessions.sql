-- A session is a list of runs and is named by its first one. Most are that one run alone, and such a run costs no
-- entry in an index.
ALTER TABLE run ADD COLUMN session BLOB CHECK (length(session) = 16);

CREATE INDEX run_by_session ON run (tenant, session, created_at DESC, run DESC) WHERE session IS NOT NULL;

-- A name is what a person wrote: sealed, and found again by a pseudonym that only the master key can make.
CREATE TABLE session_name (
    tenant    TEXT NOT NULL,
    session   BLOB NOT NULL,
    pseudonym TEXT NOT NULL,
    sealed    BLOB NOT NULL,
    PRIMARY KEY (tenant, session),
    FOREIGN KEY (tenant, session) REFERENCES run (tenant, run)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX session_by_name ON session_name (tenant, pseudonym);
