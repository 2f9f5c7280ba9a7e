CREATE TABLE daily_orders (order_date TEXT, order_id INTEGER, amount INTEGER);
INSERT INTO daily_orders VALUES ('2026-06-22', 1, 10);  -- the day before: must survive untouched
