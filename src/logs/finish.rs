//! The end of loading: events that came twice are dropped, files are described, tables are closed.

use super::assemble::{Assembly, whole};
use super::describe::{describe, end};
use super::late::LateTable;
use super::store::Store;
use super::{Dataset, Duplicates, Later, duplicates, typed};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

impl Assembly<'_> {
    /// The dataset.
    pub fn finish(mut self) -> Dataset {
        self.flush();
        let mut store = Store {
            connectors: self.connectors.clone(),
            texts: std::mem::take(&mut self.texts),
            events: std::mem::take(&mut self.events),
            lanes: std::mem::take(&mut self.lanes).into(),
            rooms: Mutex::default(),
            kept: std::mem::take(&mut self.kept),
            late: self.ways.late.clone(),
        };
        self.drop_repeats(&mut store);
        for (file, open) in self.files.iter_mut().zip(&self.open) {
            describe(file, self.options, open);
        }
        let end = end(&store.events, &mut self.files);
        store.events.close();
        let store = Arc::new(store);
        let mut tables = BTreeMap::new();
        let mut later = BTreeMap::new();
        let mut late = BTreeMap::new();
        let mut log_types = BTreeMap::new();
        let fillings = std::mem::take(&mut self.tables);
        for ((index, connector), filling) in self.connectors.iter().enumerate().zip(fillings) {
            let is_late = self.ways.late.get(index).copied().unwrap_or(false);
            let table = Arc::new(filling.finish());
            let events = is_late.then(|| super::late::events_of(&store, index));
            for (at, def) in connector.tables.iter().enumerate() {
                // A further table that leaves events out is made as a whole when it is first asked for.
                let made_late = events.as_ref().filter(|_| at == 0 || def.is_whole());
                let made_late = made_late.map(|events| {
                    let earlier = self.options.earlier.as_ref().zip(def.names.first());
                    let carried = earlier.map(|(e, name)| self.carried(e, name, events));
                    let carried = carried.unwrap_or_default();
                    let events = Arc::clone(events);
                    Arc::new(LateTable::new(&store, connector, at, events, carried))
                });
                let shared = Arc::new(Later::new(index, at));
                for name in &def.names {
                    if let Some(made) = &made_late {
                        late.insert(name.clone(), Arc::clone(made));
                    } else if at == 0 {
                        tables.insert(name.clone(), Arc::clone(&table));
                    } else {
                        later.insert(name.clone(), Arc::clone(&shared));
                    }
                }
            }
            if let Some(log_type) = &connector.log_type {
                log_types.entry(log_type.clone()).or_default();
            }
        }
        let typed = typed::find(&store);
        for log_type in typed.keys() {
            log_types.entry(log_type.clone()).or_default();
        }
        Dataset {
            end,
            store,
            typed: Arc::new(typed),
            files: self.files,
            tables,
            later,
            late,
            panther: Arc::new(log_types),
            memo: Arc::default(),
        }
    }

    /// Drops events whose rows are made late and that an earlier file gave as well.
    fn drop_repeats(&mut self, store: &mut Store) {
        let late = &self.ways.late;
        let found = duplicates::find(store, |connector| late.get(connector) == Some(&true));
        for (file, reason) in found.failed {
            self.reject(file, vec![whole(0, reason)]);
        }
        if found.repeats.is_empty() {
            return;
        }
        let mut keep = vec![true; store.events.len()];
        let once = self.options.duplicates == Duplicates::Once;
        for id in found.repeats {
            if let Some(stored) = store.events.get(id)
                && let Some(file) = self.files.get_mut(stored.file as usize)
            {
                file.duplicates += 1;
            }
            if let Some(slot) = keep.get_mut(id as usize) {
                *slot = !once;
            }
        }
        if !once {
            return;
        }
        let numbers = store.events.retain(&keep);
        // Their numbers are others now.
        self.earlier = None;
        for table in &mut self.tables {
            table.renumber(&numbers);
        }
    }
}
