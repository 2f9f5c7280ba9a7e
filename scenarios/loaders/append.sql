BEGIN;
INSERT INTO daily_orders
SELECT order_date, order_id, amount FROM stg_orders WHERE order_date = :day;
COMMIT;
