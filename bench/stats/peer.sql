-- SPDX-License-Identifier: Apache-2.0
-- The items as they stand, as narrow as PostgreSQL can have them, read by one pass: no index would serve all these questions.
CREATE UNLOGGED TABLE items(month int NOT NULL, used int NOT NULL, stage smallint NOT NULL, late smallint NOT NULL,
  unit text NOT NULL, category text NOT NULL, county text NOT NULL);
