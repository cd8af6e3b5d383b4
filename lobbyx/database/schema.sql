-- The database of lobbyx; a change here needs a step in migrations.py. Column names are the API's where the API has one;
-- `*_display` texts of coded fields are the `name` in the constants table the code points to. Amounts are US dollars: whole ones are stored as INTEGER,
-- the rare ones with cents as REAL with two decimals. Dates are ISO text. Lists keep the API's order in `position`.

-- Constants -------------------------------------------------------------------------------------------------
CREATE TABLE IF NOT EXISTS filing_types (
    value TEXT PRIMARY KEY, name TEXT NOT NULL,
    filing_period TEXT REFERENCES filing_periods(value), stage TEXT, no_activity INTEGER
);
CREATE TABLE IF NOT EXISTS filing_periods (value TEXT PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS expenses_methods (value TEXT PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS filer_types (value TEXT PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS issue_codes (value TEXT PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS government_entities (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS countries (value TEXT PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS states (value TEXT PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS lobbyist_prefixes (value TEXT PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS lobbyist_suffixes (value TEXT PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS contribution_item_types (value TEXT PRIMARY KEY, name TEXT NOT NULL);

-- Where everything came from --------------------------------------------------------------------------------
CREATE TABLE IF NOT EXISTS fetches (
    id INTEGER PRIMARY KEY,
    url TEXT,                    -- what was asked (never with a key); null for a file that does not say
    file TEXT,                   -- the name of the file it was loaded from; null when it came from the API
    fetched_at TEXT,             -- when the server answered, where known
    status INTEGER,              -- HTTP status, where known
    sha256 TEXT NOT NULL,        -- of the bytes of the file, or of the body of the answer
    UNIQUE (sha256, url, file)
);
-- What was in it, compressed, so that the tables can be made again without the network (`lobbyx rebuild`). Answers in
-- which nothing was new are not kept: only their fetch is.
CREATE TABLE IF NOT EXISTS raw_answers (
    id INTEGER PRIMARY KEY,
    fetch_id INTEGER NOT NULL REFERENCES fetches(id),
    part INTEGER NOT NULL,       -- of a large file
    kind TEXT NOT NULL,          -- json, jsonl, csv or archive
    body BLOB NOT NULL           -- Zstandard
);
CREATE INDEX IF NOT EXISTS raw_answers_fetch ON raw_answers(fetch_id);
CREATE TABLE IF NOT EXISTS state (key TEXT PRIMARY KEY, value TEXT);

-- Who -------------------------------------------------------------------------------------------------------
CREATE TABLE IF NOT EXISTS organizations (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,          -- for people to read
    normalized TEXT NOT NULL UNIQUE
);
CREATE INDEX IF NOT EXISTS organizations_squeezed ON organizations(replace(normalized, ' ', ''));
CREATE TABLE IF NOT EXISTS organization_names (
    organization_id INTEGER NOT NULL REFERENCES organizations(id) ON DELETE CASCADE,
    name TEXT NOT NULL,          -- as filed
    normalized TEXT NOT NULL,
    filings INTEGER NOT NULL,    -- how many filings on file use it
    why TEXT NOT NULL,           -- the rules that read it
    PRIMARY KEY (organization_id, name)  -- one name can be of two: AT&T before and after 2005
);
CREATE INDEX IF NOT EXISTS organization_names_name ON organization_names(name COLLATE NOCASE);
CREATE INDEX IF NOT EXISTS organization_names_normalized ON organization_names(normalized, organization_id);

-- Other names, that filings tell of (FORMERLY Y, DBA Y, (ACRONYM)) or that are known. They find an organization; what is
-- only generally known never groups names.
CREATE TABLE IF NOT EXISTS organization_aliases (
    organization_id INTEGER NOT NULL REFERENCES organizations(id) ON DELETE CASCADE,
    alias TEXT NOT NULL,         -- normalized
    kind TEXT NOT NULL
        CHECK (kind IN ('former', 'trade', 'acronym', 'decided', 'everyday', 'korean', 'display', 'filed')),
    name TEXT NOT NULL,          -- the name as filed that tells it, or the known organization's
    basis TEXT NOT NULL,         -- filing, decision, exhibit21, document or general_knowledge
    PRIMARY KEY (organization_id, alias, kind)
);
CREATE INDEX IF NOT EXISTS organization_aliases_alias ON organization_aliases(alias);

CREATE TABLE IF NOT EXISTS organization_parents (
    parent_id INTEGER NOT NULL REFERENCES organizations(id) ON DELETE CASCADE,
    child_id INTEGER NOT NULL REFERENCES organizations(id) ON DELETE CASCADE,
    since TEXT, until TEXT,      -- years or days, where known; no end = a subsidiary today
    basis TEXT NOT NULL,         -- decision, filing, exhibit21, document; general_knowledge adds no money
    source TEXT NOT NULL,
    PRIMARY KEY (parent_id, child_id)
);
CREATE INDEX IF NOT EXISTS organization_parents_child ON organization_parents(child_id);

-- Groups that people speak of ("Big Tech") and their members, from data/organizations/groups.csv. A member that is
-- several organizations on file has several rows; one that is not on file has one without an organization.
CREATE TABLE IF NOT EXISTS organization_groups (
    "group" TEXT NOT NULL,
    member TEXT NOT NULL,        -- as data/organizations/names.csv names it
    organization_id INTEGER REFERENCES organizations(id) ON DELETE CASCADE,
    since TEXT, until TEXT,      -- years or days of membership, where it is not for all time
    basis TEXT NOT NULL, source TEXT NOT NULL,
    UNIQUE ("group", member, organization_id)
);
CREATE INDEX IF NOT EXISTS organization_groups_organization ON organization_groups(organization_id);

-- Who took whose place. Where filings show it (counts = 1), the predecessor's money is the successor's from the day on.
CREATE TABLE IF NOT EXISTS successions (
    predecessor_id INTEGER NOT NULL REFERENCES organizations(id) ON DELETE CASCADE,
    successor_id INTEGER NOT NULL REFERENCES organizations(id) ON DELETE CASCADE,
    day TEXT,                    -- NULL where both still report
    kind TEXT NOT NULL CHECK (kind IN ('renamed', 'acquired', 'succeeded', 'separate')),
    counts INTEGER NOT NULL,
    basis TEXT NOT NULL, source TEXT NOT NULL,
    PRIMARY KEY (predecessor_id, successor_id)
);
CREATE INDEX IF NOT EXISTS successions_successor ON successions(successor_id);

-- Names that look alike, or that filings connect, and about which nothing was decided: `lobbyx organizations review`.
CREATE TABLE IF NOT EXISTS organization_candidates (
    organization_id INTEGER NOT NULL REFERENCES organizations(id) ON DELETE CASCADE,
    other_id INTEGER NOT NULL REFERENCES organizations(id) ON DELETE CASCADE,
    score REAL NOT NULL, reasons TEXT NOT NULL,
    filings INTEGER NOT NULL,    -- of the smaller: what a total may lack
    PRIMARY KEY (organization_id, other_id)
);
CREATE INDEX IF NOT EXISTS organization_candidates_other ON organization_candidates(other_id);
CREATE INDEX IF NOT EXISTS organization_candidates_score ON organization_candidates(score, filings);

CREATE VIEW IF NOT EXISTS names_to_review AS
SELECT c.score, a.name AS name, b.name AS other, c.reasons, c.filings, c.organization_id, c.other_id
FROM organization_candidates c
JOIN organizations a ON a.id = c.organization_id
JOIN organizations b ON b.id = c.other_id;

-- Registrants by the same rules: a firm renamed stays one.
CREATE TABLE IF NOT EXISTS firms (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,          -- for people to read
    normalized TEXT NOT NULL UNIQUE
);
CREATE TABLE IF NOT EXISTS firm_names (
    firm_id INTEGER NOT NULL REFERENCES firms(id) ON DELETE CASCADE,
    name TEXT NOT NULL,          -- as filed
    filings INTEGER NOT NULL,
    why TEXT NOT NULL,
    PRIMARY KEY (name)
);
CREATE INDEX IF NOT EXISTS firm_names_firm ON firm_names(firm_id);

CREATE TABLE IF NOT EXISTS registrants (
    id INTEGER PRIMARY KEY, url TEXT, house_registrant_id INTEGER, name TEXT NOT NULL, description TEXT,
    address_1 TEXT, address_2 TEXT, address_3 TEXT, address_4 TEXT, city TEXT,
    state TEXT REFERENCES states(value), zip TEXT,
    country TEXT REFERENCES countries(value), ppb_country TEXT REFERENCES countries(value),
    contact_name TEXT, contact_telephone TEXT, dt_updated TEXT,
    firm_id INTEGER REFERENCES firms(id) ON DELETE SET NULL,
    archive_as_of TEXT           -- for a row from the Senate's archive: how new that was; null = from the API or CSV
);
CREATE INDEX IF NOT EXISTS registrants_name ON registrants(name);
CREATE INDEX IF NOT EXISTS registrants_firm ON registrants(firm_id);

CREATE TABLE IF NOT EXISTS clients (
    id INTEGER PRIMARY KEY, url TEXT, -- the API's id; below zero = known from the archive alone
    client_id TEXT,              -- the registrant's own numbering, not an identifier
    name TEXT NOT NULL, general_description TEXT,
    client_government_entity INTEGER, client_self_select INTEGER,
    state TEXT REFERENCES states(value), country TEXT REFERENCES countries(value),
    ppb_state TEXT REFERENCES states(value), ppb_country TEXT REFERENCES countries(value),
    effective_date TEXT,
    registrant_id INTEGER REFERENCES registrants(id),
    organization_id INTEGER REFERENCES organizations(id) ON DELETE SET NULL,
    archive_as_of TEXT           -- as in registrants
);
CREATE INDEX IF NOT EXISTS clients_name ON clients(name);
CREATE INDEX IF NOT EXISTS clients_number ON clients(registrant_id, client_id);
CREATE INDEX IF NOT EXISTS clients_organization ON clients(organization_id);

-- What a record was called before: the API serves each filing with the record's name of the day.
CREATE TABLE IF NOT EXISTS registrant_former_names (
    registrant_id INTEGER NOT NULL REFERENCES registrants(id) ON DELETE CASCADE, name TEXT NOT NULL,
    PRIMARY KEY (registrant_id, name)
);
CREATE TABLE IF NOT EXISTS client_former_names (
    client_id INTEGER NOT NULL REFERENCES clients(id) ON DELETE CASCADE, name TEXT NOT NULL,
    PRIMARY KEY (client_id, name)
);
-- Clients whose filings, or what tells whose money they are about, changed since the ledger was derived last.
CREATE TABLE IF NOT EXISTS touched_clients (client_id INTEGER PRIMARY KEY);
-- No INSERT OR IGNORE here: within an upsert SQLite lets the outer statement's way with conflicts prevail.
CREATE TRIGGER IF NOT EXISTS registrants_renamed AFTER UPDATE OF name ON registrants WHEN old.name <> new.name BEGIN
    INSERT INTO registrant_former_names SELECT new.id, old.name WHERE NOT EXISTS
        (SELECT 1 FROM registrant_former_names WHERE registrant_id = new.id AND name = old.name);
    INSERT INTO state SELECT 'firms', 'stale' WHERE NOT EXISTS (SELECT 1 FROM state WHERE key = 'firms');
END;
-- Not within the first load, which has no indexes to look them up with, and notes its clients itself.
CREATE TRIGGER IF NOT EXISTS registrants_renamed_touches AFTER UPDATE OF name ON registrants
WHEN old.name <> new.name AND EXISTS (SELECT 1 FROM state WHERE key = 'ledger') BEGIN
    INSERT INTO touched_clients SELECT id FROM clients
        WHERE registrant_id = new.id AND id NOT IN (SELECT client_id FROM touched_clients);
    INSERT INTO touched_clients SELECT DISTINCT client_id FROM filings
        WHERE registrant_id = new.id AND client_id NOT IN (SELECT client_id FROM touched_clients);
END;
CREATE TRIGGER IF NOT EXISTS clients_renamed AFTER UPDATE OF name ON clients WHEN old.name <> new.name BEGIN
    INSERT INTO client_former_names SELECT new.id, old.name WHERE NOT EXISTS
        (SELECT 1 FROM client_former_names WHERE client_id = new.id AND name = old.name);
    INSERT INTO touched_clients SELECT new.id WHERE new.id NOT IN (SELECT client_id FROM touched_clients);
    INSERT INTO state SELECT 'candidates', 'stale' WHERE NOT EXISTS (SELECT 1 FROM state WHERE key = 'candidates');
END;
CREATE TRIGGER IF NOT EXISTS clients_told AFTER UPDATE OF client_self_select ON clients
WHEN old.client_self_select IS NOT new.client_self_select BEGIN
    INSERT INTO touched_clients SELECT new.id WHERE new.id NOT IN (SELECT client_id FROM touched_clients);
END;
-- A registrant's number connects names for review.
CREATE TRIGGER IF NOT EXISTS clients_renumbered AFTER UPDATE OF client_id, registrant_id ON clients
WHEN (old.client_id, old.registrant_id) IS NOT (new.client_id, new.registrant_id) BEGIN
    INSERT INTO touched_clients SELECT new.id WHERE new.id NOT IN (SELECT client_id FROM touched_clients);
    INSERT INTO state SELECT 'candidates', 'stale' WHERE NOT EXISTS (SELECT 1 FROM state WHERE key = 'candidates');
END;
-- What links a name that is gone had is not on file any more, so everything is derived again.
CREATE TRIGGER IF NOT EXISTS clients_deleted AFTER DELETE ON clients BEGIN
    UPDATE state SET value = 'stale' WHERE key = 'ledger' AND value <> 'stale';
END;
CREATE TRIGGER IF NOT EXISTS client_former_names_added AFTER INSERT ON client_former_names BEGIN
    INSERT INTO touched_clients SELECT new.client_id WHERE new.client_id NOT IN (SELECT client_id FROM touched_clients);
    INSERT INTO state SELECT 'candidates', 'stale' WHERE NOT EXISTS (SELECT 1 FROM state WHERE key = 'candidates');
END;
CREATE TRIGGER IF NOT EXISTS client_former_names_deleted AFTER DELETE ON client_former_names BEGIN
    UPDATE state SET value = 'stale' WHERE key = 'ledger' AND value <> 'stale';
END;
CREATE TRIGGER IF NOT EXISTS registrant_former_names_added AFTER INSERT ON registrant_former_names BEGIN
    INSERT INTO state SELECT 'firms', 'stale' WHERE NOT EXISTS (SELECT 1 FROM state WHERE key = 'firms');
END;
CREATE TRIGGER IF NOT EXISTS registrant_former_names_deleted AFTER DELETE ON registrant_former_names BEGIN
    UPDATE state SET value = 'stale' WHERE key = 'ledger' AND value <> 'stale';
END;

CREATE TABLE IF NOT EXISTS lobbyists (
    id INTEGER PRIMARY KEY,      -- the API's id; below zero = known from the archive alone
    prefix TEXT REFERENCES lobbyist_prefixes(value), first_name TEXT, nickname TEXT, middle_name TEXT,
    last_name TEXT, suffix TEXT REFERENCES lobbyist_suffixes(value),
    registrant_id INTEGER REFERENCES registrants(id),
    person_id INTEGER REFERENCES lobbyists(id) ON DELETE SET NULL -- the person's first record (people.py)
);
CREATE INDEX IF NOT EXISTS lobbyists_last_name ON lobbyists(last_name);
CREATE INDEX IF NOT EXISTS lobbyists_registrant ON lobbyists(registrant_id);
CREATE INDEX IF NOT EXISTS lobbyists_person ON lobbyists(person_id);
CREATE TRIGGER IF NOT EXISTS lobbyists_renamed
AFTER UPDATE OF first_name, middle_name, last_name, suffix, registrant_id ON lobbyists
WHEN (old.first_name, old.middle_name, old.last_name, old.suffix, old.registrant_id)
    IS NOT (new.first_name, new.middle_name, new.last_name, new.suffix, new.registrant_id) BEGIN
    INSERT INTO state SELECT 'persons', 'stale' WHERE NOT EXISTS (SELECT 1 FROM state WHERE key = 'persons');
END;
CREATE TRIGGER IF NOT EXISTS lobbyists_deleted AFTER DELETE ON lobbyists BEGIN
    INSERT INTO state SELECT 'persons', 'stale' WHERE NOT EXISTS (SELECT 1 FROM state WHERE key = 'persons');
END;

-- LD-1 and LD-2 ---------------------------------------------------------------------------------------------
CREATE TABLE IF NOT EXISTS filings (
    filing_uuid TEXT PRIMARY KEY, url TEXT,
    filing_type TEXT NOT NULL REFERENCES filing_types(value),
    filing_year INTEGER NOT NULL,
    filing_period TEXT NOT NULL REFERENCES filing_periods(value),
    filing_document_url TEXT, filing_document_content_type TEXT,
    income NUMERIC, expenses NUMERIC, expenses_method TEXT REFERENCES expenses_methods(value),
    posted_by_name TEXT, dt_posted TEXT NOT NULL, termination_date TEXT,
    registrant_country TEXT, registrant_ppb_country TEXT, registrant_address_1 TEXT, registrant_address_2 TEXT,
    registrant_different_address INTEGER, registrant_city TEXT, registrant_state TEXT REFERENCES states(value),
    registrant_zip TEXT,
    registrant_id INTEGER NOT NULL REFERENCES registrants(id),
    client_id INTEGER NOT NULL REFERENCES clients(id),
    digest TEXT,                 -- of its content, to tell a changed filing; null after a partial change
    fetch_id INTEGER NOT NULL REFERENCES fetches(id),
    official_page TEXT GENERATED ALWAYS AS ('https://lda.gov/filings/public/filing/' || filing_uuid || '/print/'),
    source TEXT NOT NULL DEFAULT 'api' CHECK (source IN ('api', 'archive', 'csv')) -- the API's replaces the archive's
);
CREATE INDEX IF NOT EXISTS filings_type ON filings(filing_type);
CREATE INDEX IF NOT EXISTS filings_period ON filings(filing_year, filing_period);
CREATE INDEX IF NOT EXISTS filings_posted ON filings(dt_posted);
CREATE INDEX IF NOT EXISTS filings_registrant ON filings(registrant_id);
CREATE INDEX IF NOT EXISTS filings_client ON filings(client_id);
CREATE INDEX IF NOT EXISTS filings_fetch ON filings(fetch_id);
-- Names of firms are counted by their filings.
CREATE TRIGGER IF NOT EXISTS filings_moved AFTER UPDATE OF registrant_id ON filings
WHEN old.registrant_id <> new.registrant_id BEGIN
    INSERT INTO state SELECT 'firms', 'stale' WHERE NOT EXISTS (SELECT 1 FROM state WHERE key = 'firms');
END;
CREATE TRIGGER IF NOT EXISTS filings_deleted AFTER DELETE ON filings BEGIN
    INSERT INTO state SELECT 'firms', 'stale' WHERE NOT EXISTS (SELECT 1 FROM state WHERE key = 'firms');
END;

CREATE TABLE IF NOT EXISTS activities (
    id INTEGER PRIMARY KEY,
    filing_uuid TEXT NOT NULL REFERENCES filings(filing_uuid) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    general_issue_code TEXT REFERENCES issue_codes(value),
    description TEXT, foreign_entity_issues TEXT
);
CREATE UNIQUE INDEX IF NOT EXISTS activities_filing ON activities(filing_uuid, position);
CREATE INDEX IF NOT EXISTS activities_issue ON activities(general_issue_code);

CREATE VIRTUAL TABLE IF NOT EXISTS activities_fts USING fts5(
    description, content="activities", content_rowid="id", tokenize='porter unicode61'
);
-- What is inserted, the writer indexes many at a time (writer.py): a trigger for each row takes eight times as long.
CREATE TRIGGER IF NOT EXISTS activities_fts_delete AFTER DELETE ON activities BEGIN
    INSERT INTO activities_fts (activities_fts, rowid, description) VALUES ('delete', old.id, old.description);
END;

-- A lobbyist can stand twice in one activity (Microsoft's 1999 reports do), so the position is part of the key.
CREATE TABLE IF NOT EXISTS activity_lobbyists (
    activity_id INTEGER NOT NULL REFERENCES activities(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    lobbyist_id INTEGER NOT NULL REFERENCES lobbyists(id),
    covered_position TEXT, "new" INTEGER,
    PRIMARY KEY (activity_id, position)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS activity_lobbyists_lobbyist ON activity_lobbyists(lobbyist_id);

CREATE TABLE IF NOT EXISTS activity_government_entities (
    activity_id INTEGER NOT NULL REFERENCES activities(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    government_entity_id INTEGER NOT NULL REFERENCES government_entities(id),
    PRIMARY KEY (activity_id, position)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS activity_government_entities_entity
    ON activity_government_entities(government_entity_id);

CREATE TABLE IF NOT EXISTS foreign_entities (
    filing_uuid TEXT NOT NULL REFERENCES filings(filing_uuid) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    name TEXT, contribution NUMERIC, ownership_percentage NUMERIC, address TEXT, city TEXT,
    state TEXT REFERENCES states(value), country TEXT REFERENCES countries(value),
    ppb_city TEXT, ppb_state TEXT REFERENCES states(value), ppb_country TEXT REFERENCES countries(value),
    PRIMARY KEY (filing_uuid, position)
);
CREATE TABLE IF NOT EXISTS affiliated_organizations (
    filing_uuid TEXT NOT NULL REFERENCES filings(filing_uuid) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    name TEXT, url TEXT, address_1 TEXT, address_2 TEXT, address_3 TEXT, address_4 TEXT, city TEXT,
    state TEXT REFERENCES states(value), zip TEXT, country TEXT REFERENCES countries(value),
    ppb_city TEXT, ppb_state TEXT REFERENCES states(value), ppb_country TEXT REFERENCES countries(value),
    PRIMARY KEY (filing_uuid, position)
);
CREATE TRIGGER IF NOT EXISTS affiliated_organizations_deleted AFTER DELETE ON affiliated_organizations BEGIN
    INSERT INTO state SELECT 'candidates', 'stale' WHERE NOT EXISTS (SELECT 1 FROM state WHERE key = 'candidates');
END;
CREATE TABLE IF NOT EXISTS conviction_disclosures (
    filing_uuid TEXT NOT NULL REFERENCES filings(filing_uuid) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    lobbyist_id INTEGER REFERENCES lobbyists(id), date TEXT, description TEXT,
    PRIMARY KEY (filing_uuid, position)
);
CREATE INDEX IF NOT EXISTS conviction_disclosures_lobbyist ON conviction_disclosures(lobbyist_id);

-- LD-203 (never lobbying spending) --------------------------------------------------------------------------
CREATE TABLE IF NOT EXISTS contributions (
    filing_uuid TEXT PRIMARY KEY, url TEXT,
    filing_type TEXT NOT NULL REFERENCES filing_types(value),
    filing_year INTEGER NOT NULL,
    filing_period TEXT NOT NULL REFERENCES filing_periods(value),
    filing_document_url TEXT, filing_document_content_type TEXT,
    filer_type TEXT REFERENCES filer_types(value), dt_posted TEXT NOT NULL,
    contact_name TEXT, comments TEXT, address_1 TEXT, address_2 TEXT, city TEXT,
    state TEXT REFERENCES states(value), zip TEXT, country TEXT REFERENCES countries(value),
    no_contributions INTEGER,
    registrant_id INTEGER NOT NULL REFERENCES registrants(id),
    lobbyist_id INTEGER REFERENCES lobbyists(id),
    digest TEXT,
    fetch_id INTEGER NOT NULL REFERENCES fetches(id),
    source TEXT NOT NULL DEFAULT 'api' CHECK (source IN ('api', 'archive', 'csv'))
);
CREATE INDEX IF NOT EXISTS contributions_registrant ON contributions(registrant_id);
CREATE INDEX IF NOT EXISTS contributions_lobbyist ON contributions(lobbyist_id);
CREATE INDEX IF NOT EXISTS contributions_posted ON contributions(dt_posted);
CREATE INDEX IF NOT EXISTS contributions_fetch ON contributions(fetch_id);
CREATE TABLE IF NOT EXISTS contribution_items (
    filing_uuid TEXT NOT NULL REFERENCES contributions(filing_uuid) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    contribution_type TEXT REFERENCES contribution_item_types(value), contributor_name TEXT, payee_name TEXT,
    honoree_name TEXT, amount NUMERIC, date TEXT,
    PRIMARY KEY (filing_uuid, position)
);
CREATE TABLE IF NOT EXISTS contribution_pacs (
    filing_uuid TEXT NOT NULL REFERENCES contributions(filing_uuid) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (filing_uuid, position)
);

-- What counts: derived from the tables above by `lobbyx resolve`, which runs after each load ----------------
CREATE TABLE IF NOT EXISTS ledger_lines (
    filing_uuid TEXT PRIMARY KEY REFERENCES filings(filing_uuid) ON DELETE CASCADE,
    organization_id INTEGER NOT NULL REFERENCES organizations(id) ON DELETE CASCADE,
    role TEXT NOT NULL CHECK (role IN ('in_house', 'outside')),
    period_start TEXT NOT NULL, period_end TEXT NOT NULL,
    posted TEXT NOT NULL,        -- dt_posted, or the due date where dt_posted is impossible
    posted_is_due_date INTEGER NOT NULL,
    amount NUMERIC, low NUMERIC NOT NULL, reported NUMERIC NOT NULL, high NUMERIC NOT NULL,
    amount_warning TEXT,
    status TEXT NOT NULL CHECK (status IN ('latest', 'superseded')),
    reason TEXT NOT NULL         -- why it has that status
);
CREATE INDEX IF NOT EXISTS ledger_lines_organization ON ledger_lines(organization_id, period_start);
-- For ranks as of a day in the past: who has reports of a period that were posted later.
CREATE INDEX IF NOT EXISTS ledger_lines_period ON ledger_lines(period_start, posted, organization_id);

CREATE TABLE IF NOT EXISTS period_counts (
    organization_id INTEGER NOT NULL REFERENCES organizations(id) ON DELETE CASCADE,
    period_start TEXT NOT NULL, period_end TEXT NOT NULL, method TEXT NOT NULL,
    low NUMERIC NOT NULL, reported NUMERIC NOT NULL, high NUMERIC NOT NULL, reports INTEGER NOT NULL,
    PRIMARY KEY (organization_id, period_start, period_end, method)
) WITHOUT ROWID;
-- For ranks: all of a period, without the table.
CREATE INDEX IF NOT EXISTS period_counts_period
    ON period_counts(method, period_start, organization_id, reported);

CREATE VIEW IF NOT EXISTS reports AS
SELECT f.filing_uuid, l.organization_id, o.name AS organization, f.filing_year, f.filing_period, f.filing_type,
       f.dt_posted, f.registrant_id, r.name AS registrant, f.client_id, c.name AS client, l.role,
       l.period_start, l.period_end, f.expenses_method, l.amount, l.low, l.reported, l.high, l.status, l.reason,
       l.posted, l.posted_is_due_date, l.amount_warning,
       f.official_page AS url
FROM ledger_lines l
JOIN filings f ON f.filing_uuid = l.filing_uuid
JOIN organizations o ON o.id = l.organization_id
JOIN registrants r ON r.id = f.registrant_id
JOIN clients c ON c.id = f.client_id;

CREATE VIEW IF NOT EXISTS spending AS
SELECT p.organization_id, o.name AS organization, p.period_start, p.period_end, p.method,
       p.low, p.reported, p.high, p.reports
FROM period_counts p JOIN organizations o ON o.id = p.organization_id;

-- The mirror: what has been read completely, and how far the rest is (`lobbyx sync`) ----------------------
CREATE TABLE IF NOT EXISTS sync_windows (
    id INTEGER PRIMARY KEY,
    endpoint TEXT NOT NULL,
    first_day TEXT,              -- of posting; null = from the beginning
    last_day TEXT,               -- null = without end
    filing_type TEXT,            -- one type alone, of a day that would not settle whole
    parent_id INTEGER REFERENCES sync_windows(id) ON DELETE CASCADE,
    status TEXT NOT NULL CHECK (status IN ('open', 'done', 'split', 'unsettled')),
    count INTEGER,               -- what the server counts, when last asked
    passes INTEGER NOT NULL DEFAULT 0,
    next_page INTEGER NOT NULL DEFAULT 1,
    checked_on TEXT,             -- the day it was last found done
    broken INTEGER NOT NULL DEFAULT 0, -- records that are not what the API describes, left out
    owner TEXT,                  -- the process at work on it
    owned_until REAL,
    UNIQUE (endpoint, first_day, last_day, filing_type)
);
CREATE INDEX IF NOT EXISTS sync_windows_parent ON sync_windows(parent_id);
CREATE TABLE IF NOT EXISTS sync_seen (
    window_id INTEGER NOT NULL REFERENCES sync_windows(id) ON DELETE CASCADE,
    record TEXT NOT NULL,
    PRIMARY KEY (window_id, record)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS requests_sent (at REAL NOT NULL);

-- What is known to be complete: a row for each listing that was read to its end and counted (`lobbyx coverage`).
CREATE TABLE IF NOT EXISTS coverage (
    id INTEGER PRIMARY KEY,
    endpoint TEXT NOT NULL,
    filters TEXT NOT NULL,       -- JSON: those of the API but posting days and filing year; {} = everybody
    filing_year INTEGER,         -- null = all years
    posted_from TEXT,            -- null = from the beginning
    posted_to TEXT NOT NULL,     -- inclusive; nothing posted later is covered
    count INTEGER NOT NULL,      -- what the server counted, or the manifest says
    received INTEGER NOT NULL,
    checked_at TEXT NOT NULL,    -- when its reading began
    source TEXT NOT NULL,        -- the address asked, or where the file with the manifest is from
    fetch_id INTEGER REFERENCES fetches(id) -- the last page, or the file
);
CREATE UNIQUE INDEX IF NOT EXISTS coverage_listing
    ON coverage(endpoint, filters, coalesce(filing_year, 0), coalesce(posted_from, ''));
CREATE INDEX IF NOT EXISTS coverage_fetch ON coverage(fetch_id);

-- What was said, and what the filings say about it ----------------------------------------------------------
CREATE TABLE IF NOT EXISTS claims (
    id INTEGER PRIMARY KEY,
    source TEXT NOT NULL,        -- file name, address, or "text"
    url TEXT, author TEXT, title TEXT, -- where it was published, and who said it
    source_sha256 TEXT NOT NULL, -- of its text, with address and author where they are known
    published TEXT,
    context TEXT NOT NULL, context_start INTEGER NOT NULL, -- the sentence it stands in, and where in it
    text TEXT NOT NULL, "start" INTEGER NOT NULL, "end" INTEGER NOT NULL,
    kind TEXT NOT NULL, org TEXT, value NUMERIC, precision NUMERIC NOT NULL, currency TEXT NOT NULL, comparator TEXT NOT NULL,
    window_start TEXT, window_end TEXT, window_text TEXT, missing TEXT,
    detail TEXT NOT NULL,        -- JSON: what else it says
    reading TEXT NOT NULL DEFAULT '{}', -- JSON: upper figure, stance, how sure the reading is, whom the name may mean
    UNIQUE (source_sha256, published, "start", "end", kind, org, value, window_start, window_end, detail)
);
CREATE TABLE IF NOT EXISTS verdicts (
    id INTEGER PRIMARY KEY,
    claim_id INTEGER NOT NULL REFERENCES claims(id) ON DELETE CASCADE,
    organization_id INTEGER REFERENCES organizations(id) ON DELETE SET NULL,
    as_of TEXT,                  -- only reports posted by then count
    verdict TEXT NOT NULL, reason TEXT, explanation TEXT NOT NULL, explanation_ko TEXT NOT NULL,
    holds_under TEXT NOT NULL,   -- JSON list of ways of counting
    reproduced_by TEXT NOT NULL, -- JSON list of methods, best first
    reproductions TEXT NOT NULL, -- JSON list of all ways of counting that give the figure, simplest first
    found TEXT NOT NULL,         -- JSON: what the filings say, for kinds other than spend
    totals TEXT NOT NULL,        -- JSON: every way of counting
    warnings TEXT NOT NULL,      -- JSON: what a reader must know
    low NUMERIC, reported NUMERIC, high NUMERIC,  -- by the LDA's own way of counting
    today_verdict TEXT, today_as_of TEXT, today_reported NUMERIC,
    known TEXT NOT NULL DEFAULT '{}' -- JSON: what is not determined, what brings it, through which day the data go
);
CREATE INDEX IF NOT EXISTS verdicts_claim ON verdicts(claim_id);
CREATE INDEX IF NOT EXISTS verdicts_organization ON verdicts(organization_id);
CREATE TABLE IF NOT EXISTS evidence (
    verdict_id INTEGER NOT NULL REFERENCES verdicts(id) ON DELETE CASCADE,
    filing_uuid TEXT NOT NULL REFERENCES filings(filing_uuid) ON DELETE CASCADE,
    role TEXT NOT NULL, status TEXT NOT NULL, -- as they were on the verdict's as_of date
    amount NUMERIC, url TEXT NOT NULL,
    PRIMARY KEY (verdict_id, filing_uuid)
);
CREATE INDEX IF NOT EXISTS evidence_filing ON evidence(filing_uuid);

-- What `lobbyx watch` has seen ---------------------------------------------------------------------------------
CREATE TABLE IF NOT EXISTS watched_feeds (
    url TEXT PRIMARY KEY,
    etag TEXT, last_modified TEXT, -- sent with the next request, so that nothing is read twice
    checked_at TEXT NOT NULL,
    problem TEXT                 -- why it could not be read the last time
);
CREATE TABLE IF NOT EXISTS watched_articles (
    url TEXT PRIMARY KEY,
    feed TEXT NOT NULL,
    title TEXT, published TEXT,  -- as the feed has them
    seen_at TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('waiting', 'read', 'failed')),
    tries INTEGER NOT NULL DEFAULT 0,
    claims INTEGER,              -- how many were found in it
    problem TEXT
);
CREATE INDEX IF NOT EXISTS watched_articles_status ON watched_articles(status, seen_at);
-- By everything on file: what a claim's verdict was, what it became, and the reports posted between.
CREATE TABLE IF NOT EXISTS changes (
    id INTEGER PRIMARY KEY,
    claim_id INTEGER NOT NULL REFERENCES claims(id) ON DELETE CASCADE,
    noticed_at TEXT NOT NULL,
    as_of_before TEXT, verdict_before TEXT, reported_before NUMERIC,
    as_of TEXT, verdict TEXT NOT NULL, reported NUMERIC,
    reports TEXT NOT NULL        -- JSON: filing_uuid, registrant, period, posted, amended
);
CREATE INDEX IF NOT EXISTS changes_claim ON changes(claim_id);
