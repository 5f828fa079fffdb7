//! A sketch of an adapter for dslab-faas (github.com/osukhoroslov/dslab, crates/dslab-faas, read at 0bb50ac).
//!
//! Make it the main.rs of a program that depends on dslab-core, dslab-faas and serde_json, and run
//!
//!     node tools/conformance/run.ts target/release/adapter
//!
//! It answers fixed windows in worlds where loading takes no time. Its seconds are our ms. DSLab keeps wasted memory for all
//! functions together, so idle time is answered where a vector has one app.

use std::collections::BTreeMap;
use std::io::BufRead;

use dslab_core::simulation::Simulation;
use dslab_faas::coldstart::FixedTimeColdStartPolicy;
use dslab_faas::config::Config;
use dslab_faas::function::Application;
use dslab_faas::resource::{ResourceConsumer, ResourceProvider};
use dslab_faas::simulation::ServerlessSimulation;
use serde_json::{json, Map, Value};

const ENDLESS_MB: u64 = 1_000_000_000;

fn main() {
    for line in std::io::stdin().lock().lines() {
        let vector: Value = serde_json::from_str(&line.unwrap()).unwrap();
        println!("{}", answer(&vector));
    }
}

fn answer(vector: &Value) -> Value {
    let is_paper = vector["model"] == json!({"kind": "paper"});
    let is_instances = vector["model"] == json!({"kind": "instances", "coldStart": 0});
    if vector["policy"]["id"] != "fixed" || !(is_paper || is_instances) {
        return json!({"id": vector["id"], "skip": "fixed windows, and loads that take no time"});
    }
    let keep = vector["policy"]["params"]["keepAlive"].as_f64().unwrap_or(600_000.);
    let config = Config {
        coldstart_policy: Box::new(FixedTimeColdStartPolicy::new(keep, 0.)),
        disable_contention: true,
        ..Default::default()
    };
    let mut sim = ServerlessSimulation::new(Simulation::new(1), config);
    let memory = sim.create_resource("mem", ENDLESS_MB);
    sim.add_host(None, ResourceProvider::new(vec![memory]), 1_000_000);
    let mut functions: BTreeMap<String, usize> = BTreeMap::new();
    for arrival in vector["arrivals"].as_array().unwrap() {
        let app = arrival["app"].as_str().unwrap().to_string();
        let function = *functions.entry(app).or_insert_with(|| {
            let needed = sim.create_resource_requirement("mem", 1);
            // One invocation at a time, and a load that takes no time.
            sim.add_app_with_single_function(Application::new(1, 0., 1., ResourceConsumer::new(vec![needed])))
        });
        let duration = if is_paper { 0. } else { arrival["durationMs"].as_f64().unwrap() };
        sim.send_invocation_request(function, duration, arrival["startMs"].as_f64().unwrap());
    }
    sim.set_simulation_end(vector["horizonMs"].as_f64().unwrap());
    sim.step_until_no_events();
    let stats = sim.stats();
    let mut apps = Map::new();
    for (app, function) in &functions {
        let mut accounts = json!({"coldStarts": stats.func_stats[&(*function as _)].cold_starts});
        if functions.len() == 1 {
            accounts["idleMs"] = json!(stats.global_stats.wasted_resource_time.get(&0).map_or(0., |all| all.sum()));
        }
        apps.insert(app.clone(), accounts);
    }
    json!({"id": vector["id"], "apps": apps})
}
