//! How far alerts have been looked at, and what they have to send.

use async_trait::async_trait;
use serde_json::json;
use sqlx::FromRow;
use sqlx::sqlite::SqliteConnection;

use super::super::{
    AlertBatch, AlertEvent, AlertMove, AlertState, AlertStop, AlertingStore, Delivery, DeliveryState, DueAsked, Marks, Result,
};
use super::rows::{corrupt, json as from_json};
use super::{SqliteStore, json_list};

#[derive(FromRow)]
struct AlertRow {
    name: String,
    search: String,
    began_at: String,
    change_mark: i64,
    event_mark: i64,
    held: Option<Vec<u8>>,
    batched_at: Option<String>,
}

impl AlertRow {
    fn into_state(self) -> Result<AlertState> {
        let held = self.held.map(|bytes| unpacked(&bytes).ok_or_else(|| corrupt("releases of alert", &self.name))).transpose()?;
        let marks = Marks { change: self.change_mark, event: self.event_mark };
        Ok(AlertState { name: self.name, search: self.search, began_at: self.began_at, marks, held, batched_at: self.batched_at })
    }
}

#[derive(FromRow)]
struct DeliveryRow {
    batch: String,
    alert: String,
    target: String,
    state: String,
    tries: u32,
    since: String,
    next_try_at: String,
    last_error: Option<String>,
    paused_until: Option<String>,
}

impl DeliveryRow {
    fn into_delivery(self) -> Result<Delivery> {
        let state = DeliveryState::ALL.into_iter().find(|state| state.token() == self.state);
        Ok(Delivery {
            state: state.ok_or_else(|| corrupt("state of a message", &self.state))?,
            batch: self.batch,
            alert: self.alert,
            target: self.target,
            tries: self.tries,
            since: self.since,
            next_try_at: self.next_try_at,
            last_error: self.last_error,
            paused_until: self.paused_until,
        })
    }
}

/// Messages with the alert that they are of.
macro_rules! deliveries {
    ($rest:literal) => {
        concat!(
            "SELECT d.batch, b.alert, d.target, d.state, d.tries, d.since, d.next_try_at, d.last_error, d.paused_until FROM alert_delivery d \
             JOIN alert_batch b ON b.id = d.batch WHERE ",
            $rest
        )
    };
}

/// Whether the alert stood where the look began; where it did, it stands where the look ended.
async fn moved(connection: &mut SqliteConnection, look: &AlertMove) -> Result<bool> {
    let AlertState { name, search, began_at, marks, held, batched_at } = &look.to;
    let statement = match look.from {
        None => {
            "INSERT INTO alert (name, search, began_at, change_mark, event_mark, held, batched_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) \
             ON CONFLICT (name) DO NOTHING"
        }
        Some(_) => {
            "UPDATE alert SET search = ?2, began_at = ?3, change_mark = ?4, event_mark = ?5, held = ?6, batched_at = ?7 \
             WHERE name = ?1 AND change_mark = ?8 AND event_mark = ?9"
        }
    };
    let from = look.from.unwrap_or_default();
    let query = sqlx::query(statement).bind(name).bind(search).bind(began_at).bind(marks.change).bind(marks.event);
    let query = query.bind(held.as_ref().map(|held| packed(held))).bind(batched_at);
    let query = if look.from.is_some() { query.bind(from.change).bind(from.event) } else { query };
    Ok(query.execute(connection).await?.rows_affected() > 0)
}

async fn put_batch(connection: &mut SqliteConnection, batch: &AlertBatch, targets: &[String], at: &str) -> Result<()> {
    sqlx::query(
        "INSERT INTO alert_batch (id, alert, made_at, releases, events, place) \
         VALUES (?, ?, ?, ?, ?, (SELECT coalesce(max(place), 0) + 1 FROM alert_batch))",
    )
    .bind(&batch.id)
    .bind(&batch.alert)
    .bind(&batch.made_at)
    .bind(json_list(&batch.releases))
    .bind(json_list(&batch.events))
    .execute(&mut *connection)
    .await?;
    sqlx::query(
        "INSERT INTO alert_delivery (batch, target, state, tries, since, next_try_at) \
         SELECT ?1, value, 'waiting', 0, ?2, ?2 FROM json_each(?3)",
    )
    .bind(&batch.id)
    .bind(at)
    .bind(json!(targets).to_string())
    .execute(connection)
    .await?;
    Ok(())
}

#[async_trait]
impl AlertingStore for SqliteStore {
    async fn alerts(&self) -> Result<Vec<AlertState>> {
        let rows: Vec<AlertRow> =
            sqlx::query_as("SELECT name, search, began_at, change_mark, event_mark, held, batched_at FROM alert ORDER BY name")
                .fetch_all(&self.reader)
                .await?;
        rows.into_iter().map(AlertRow::into_state).collect()
    }

    async fn alert_marks(&self) -> Result<Marks> {
        // One statement, so one snapshot.
        let (change, event) =
            sqlx::query_as("SELECT (SELECT coalesce(max(entry), 0) FROM change), (SELECT coalesce(max(entry), 0) FROM event)")
                .fetch_one(&self.reader)
                .await?;
        Ok(Marks { change, event })
    }

    async fn added(&self, after: i64, to: i64) -> Result<Vec<i64>> {
        let statement = "SELECT seq FROM change WHERE entry > ? AND entry <= ? AND what = 'new' AND seq IS NOT NULL ORDER BY entry";
        Ok(sqlx::query_scalar(statement).bind(after).bind(to).fetch_all(&self.reader).await?)
    }

    async fn alert_events(&self, after: i64, to: i64) -> Result<Vec<AlertEvent>> {
        let rows: Vec<(i64, i64, String)> =
            sqlx::query_as("SELECT entry, seq, what FROM event WHERE entry > ? AND entry <= ? AND seq IS NOT NULL ORDER BY entry")
                .bind(after)
                .bind(to)
                .fetch_all(&self.reader)
                .await?;
        let event = |(entry, seq, what): (i64, i64, String)| {
            Ok(AlertEvent { entry, seq, what: what.parse().map_err(|()| corrupt("event", &what))? })
        };
        rows.into_iter().map(event).collect()
    }

    async fn move_alerts(&self, moves: &[AlertMove], at: &str) -> Result<usize> {
        let mut tx = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        let mut kept = 0;
        for look in moves {
            if !moved(&mut tx, look).await? {
                continue;
            }
            kept += 1;
            if let Some((batch, targets)) = &look.batch {
                put_batch(&mut tx, batch, targets, at).await?;
            }
        }
        tx.commit().await?;
        Ok(kept)
    }

    async fn forget_alerts(&self, names: &[String]) -> Result<u64> {
        let mut tx = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        let names = json_list(names);
        let waiting: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM alert_delivery d JOIN alert_batch b ON b.id = d.batch \
             WHERE d.state IN ('waiting', 'failed') AND b.alert IN (SELECT value FROM json_each(?))",
        )
        .bind(&names)
        .fetch_one(&mut *tx)
        .await?;
        sqlx::query("DELETE FROM alert WHERE name IN (SELECT value FROM json_each(?))").bind(&names).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(waiting.unsigned_abs())
    }

    async fn due_deliveries(&self, asked: &DueAsked<'_>) -> Result<Vec<Delivery>> {
        let rows: Vec<DeliveryRow> = sqlx::query_as(deliveries!(
            "(d.batch, d.target) IN (SELECT batch, target FROM (SELECT d.batch, d.target, row_number() OVER ( \
             PARTITION BY CASE WHEN d.target LIKE 'mailto:%' THEN 'mailto:' ELSE d.target END ORDER BY b.place, b.made_at, d.batch, d.target) AS turn \
             FROM alert_delivery d CROSS JOIN alert_batch b ON b.id = d.batch \
             WHERE d.state = 'waiting' AND (d.next_try_at <= ?1 OR d.next_try_at > ?2) AND (?3 OR d.target NOT LIKE 'mailto:%') \
             AND b.alert IN (SELECT value FROM json_each(?4)) AND d.target NOT IN (SELECT value FROM json_each(?5)) \
             AND NOT EXISTS (SELECT 1 FROM alert_delivery o WHERE o.target = d.target AND o.paused_until > ?1 AND o.paused_until <= ?2)) \
             WHERE turn <= ?7) ORDER BY b.place, b.made_at, d.batch, d.target LIMIT ?6"
        ))
        .bind(asked.now)
        .bind(asked.beyond)
        .bind(asked.mail)
        .bind(json_list(asked.alerts))
        .bind(json_list(asked.busy))
        .bind(asked.limit)
        .bind(asked.each)
        .fetch_all(&self.reader)
        .await?;
        rows.into_iter().map(DeliveryRow::into_delivery).collect()
    }

    async fn open_deliveries(&self) -> Result<Vec<Delivery>> {
        let rows: Vec<DeliveryRow> =
            sqlx::query_as(deliveries!("d.state IN ('waiting', 'failed') ORDER BY b.alert, b.place, b.made_at, d.batch, d.target"))
                .fetch_all(&self.reader)
                .await?;
        rows.into_iter().map(DeliveryRow::into_delivery).collect()
    }

    async fn alert_batch(&self, id: &str) -> Result<Option<AlertBatch>> {
        let row: Option<(String, String, String, String)> =
            sqlx::query_as("SELECT alert, made_at, releases, events FROM alert_batch WHERE id = ?")
                .bind(id)
                .fetch_optional(&self.reader)
                .await?;
        let Some((alert, made_at, releases, events)) = row else { return Ok(None) };
        let (releases, events) = (from_json("releases", &releases)?, from_json("events", &events)?);
        Ok(Some(AlertBatch { id: id.to_owned(), alert, made_at, releases, events }))
    }

    async fn save_delivery(&self, delivery: &Delivery) -> Result<()> {
        sqlx::query(
            "UPDATE alert_delivery SET state = ?3, tries = ?4, since = ?5, next_try_at = ?6, last_error = ?7, paused_until = ?8 \
             WHERE batch = ?1 AND target = ?2",
        )
        .bind(&delivery.batch)
        .bind(&delivery.target)
        .bind(delivery.state.token())
        .bind(delivery.tries)
        .bind(&delivery.since)
        .bind(&delivery.next_try_at)
        .bind(&delivery.last_error)
        .bind(&delivery.paused_until)
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    async fn retry_deliveries(&self, alert: &str, at: &str) -> Result<(u64, u64)> {
        let mut tx = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        // Whoever asks for another try knows better than the receiver's last answer, whichever alert that was given to.
        sqlx::query(
            "UPDATE alert_delivery SET paused_until = NULL WHERE paused_until IS NOT NULL AND target IN (SELECT target FROM alert_delivery \
             WHERE state IN ('waiting', 'failed') AND batch IN (SELECT id FROM alert_batch WHERE alert = ?1))",
        )
        .bind(alert)
        .execute(&mut *tx)
        .await?;
        let messages = sqlx::query(
            "UPDATE alert_delivery SET state = 'waiting', tries = 0, since = ?2, next_try_at = ?2, paused_until = NULL \
             WHERE state IN ('waiting', 'failed') AND batch IN (SELECT id FROM alert_batch WHERE alert = ?1)",
        )
        .bind(alert)
        .bind(at)
        .execute(&mut *tx)
        .await?;
        let stops = sqlx::query("DELETE FROM alert_stop WHERE alert = ?").bind(alert).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok((messages.rows_affected(), stops.rows_affected()))
    }

    async fn drop_delivery(&self, delivery: &Delivery) -> Result<()> {
        sqlx::query("DELETE FROM alert_delivery WHERE batch = ? AND target = ?")
            .bind(&delivery.batch)
            .bind(&delivery.target)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    async fn alert_stops(&self) -> Result<Vec<AlertStop>> {
        let rows: Vec<(String, String, String, String)> =
            sqlx::query_as("SELECT alert, target, entry, since FROM alert_stop ORDER BY alert, target").fetch_all(&self.reader).await?;
        Ok(rows.into_iter().map(|(alert, target, entry, since)| AlertStop { alert, target, entry, since }).collect())
    }

    async fn stop_alert(&self, stop: &AlertStop, refused: &Delivery) -> Result<()> {
        let mut tx = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query(
            "UPDATE alert_delivery SET state = 'failed', last_error = ?3, next_try_at = ?4 WHERE state = 'waiting' AND target = ?2 \
             AND batch IN (SELECT id FROM alert_batch WHERE alert = ?1)",
        )
        .bind(&stop.alert)
        .bind(&refused.target)
        .bind(&refused.last_error)
        .bind(&refused.next_try_at)
        .execute(&mut *tx)
        .await?;
        sqlx::query(
            "INSERT INTO alert_stop (alert, target, entry, since) SELECT name, ?2, ?3, ?4 FROM alert WHERE name = ?1 \
             ON CONFLICT (alert, target) DO UPDATE SET entry = excluded.entry, since = excluded.since",
        )
        .bind(&stop.alert)
        .bind(&stop.target)
        .bind(&stop.entry)
        .bind(&stop.since)
        .execute(&mut *tx)
        .await?;
        Ok(tx.commit().await?)
    }

    async fn lift_stops(&self, alert: &str, entry: &str) -> Result<()> {
        sqlx::query("DELETE FROM alert_stop WHERE alert = ? AND entry <> ?").bind(alert).bind(entry).execute(&self.writer).await?;
        Ok(())
    }

    async fn forget_targets(&self, told: &[(String, String)]) -> Result<u64> {
        let states: Vec<String> = sqlx::query_scalar(
            "DELETE FROM alert_delivery WHERE (batch, target) IN (SELECT d.batch, d.target FROM alert_delivery d \
             JOIN alert_batch b ON b.id = d.batch WHERE b.alert IN (SELECT value ->> 0 FROM json_each(?1)) \
             AND (b.alert, d.target) NOT IN (SELECT value ->> 0, value ->> 1 FROM json_each(?1))) RETURNING state",
        )
        .bind(json!(told).to_string())
        .fetch_all(&self.writer)
        .await?;
        Ok(states.iter().filter(|state| *state == DeliveryState::Waiting.token()).count() as u64)
    }

    async fn prune_alerts(&self, before: &str) -> Result<u64> {
        let mut tx = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        // Letters one by one: a program that has given up must not keep somebody's address.
        sqlx::query("DELETE FROM alert_delivery WHERE target LIKE 'mailto:%' AND state <> 'waiting' AND next_try_at < ?")
            .bind(before)
            .execute(&mut *tx)
            .await?;
        let gone = sqlx::query(
            "DELETE FROM alert_batch WHERE made_at < ? \
             AND NOT EXISTS (SELECT 1 FROM alert_delivery d WHERE d.batch = id AND d.state IN ('waiting', 'failed'))",
        )
        .bind(before)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(gone.rows_affected())
    }
}

/// Rising numbers as differences, each in groups of seven bits, the lowest first (LEB128): neighbours take one byte.
fn packed(numbers: &[i64]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(numbers.len());
    let mut before = 0;
    for number in numbers {
        let mut rest = number.wrapping_sub(before).cast_unsigned();
        before = *number;
        while rest >= 0x80 {
            bytes.push((rest & 0x7f) as u8 | 0x80);
            rest >>= 7;
        }
        bytes.push(rest as u8);
    }
    bytes
}

/// What [`packed`] was given; `None` for bytes that it never wrote.
fn unpacked(bytes: &[u8]) -> Option<Vec<i64>> {
    let mut numbers = Vec::with_capacity(bytes.len());
    let (mut before, mut rest, mut shift) = (0_i64, 0_u64, 0);
    for byte in bytes {
        rest |= u64::from(byte & 0x7f).checked_shl(shift)?;
        if byte & 0x80 == 0 {
            before = before.wrapping_add(rest.cast_signed());
            numbers.push(before);
            (rest, shift) = (0, 0);
        } else {
            shift += 7;
        }
    }
    (shift == 0).then_some(numbers)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn neighbours_take_a_byte_each() {
        assert_eq!(packed(&(1..=24_540).collect::<Vec<i64>>()).len(), 24_540);
        assert_eq!((unpacked(&[]), unpacked(&[0x80]), unpacked(&[0xff; 12])), (Some(Vec::new()), None, None));
    }

    proptest! {
        #[test]
        fn what_is_packed_comes_back(numbers: Vec<i64>, bytes: Vec<u8>) {
            prop_assert_eq!(unpacked(&packed(&numbers)), Some(numbers));
            let _ = unpacked(&bytes);
        }
    }
}
