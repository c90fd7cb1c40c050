//! The archive as a research assistant meets it: the built program spoken to by a client of the Model Context Protocol.

use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;

use rmcp::model::{CallToolRequestParams, CallToolResult, ReadResourceRequestParams};
use rmcp::service::RunningService;
use rmcp::transport::TokioChildProcess;
use rmcp::{RoleClient, ServiceExt};
use serde_json::{Value, json};

use crate::support::app::word;
use crate::support::process::{Said, Server, program};
use crate::support::schema::faults;

type Client = RunningService<RoleClient, ()>;

const BASE: &str = "https://archive.example/a";

/// A folder with the seeds and two releases of the test's own.
fn archive() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let long: Vec<String> =
        (1..=40).map(|n| format!("Paragraph {n} of a long text about lighthouses. {}", "More words. ".repeat(40))).collect();
    let lines = [
        json!({"title": "A long text", "body": long.join("\n\n"), "published_on": "2024-05-06", "key": "long", "url": "https://www.nato.int/a/long.htm", "source": "NATO"}),
        json!({"title": "One paragraph", "body": "é".repeat(30_000), "published_on": "2024-05-07", "key": "wide", "source": "NATO"}),
    ];
    let path = folder.path().join("own.ndjson");
    std::fs::write(&path, lines.map(|line| line.to_string()).join("\n") + "\n").expect("a file");
    for file in ["seeds", path.to_str().expect("a path")] {
        let said: Said = program(&folder.path().join("data"))
            .args(["import", file])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .expect("an import")
            .into();
        assert_eq!(said.code, Some(0), "{}", said.err);
    }
    folder
}

async fn client(folder: &tempfile::TempDir) -> Client {
    let mut command = tokio::process::Command::from(program(&folder.path().join("data")));
    command.args(["--base-url", BASE, "mcp"]);
    ().serve(TokioChildProcess::new(command).expect("the program")).await.expect("an answer to initialize")
}

async fn call(client: &Client, tool: &'static str, arguments: Value) -> CallToolResult {
    let arguments = arguments.as_object().cloned().expect("an object");
    client.call_tool(CallToolRequestParams::new(tool).with_arguments(arguments)).await.expect("a result")
}

/// What a tool gives; its text is the same, for programs that read no structure.
async fn given(client: &Client, tool: &'static str, arguments: Value) -> Value {
    let result = call(client, tool, arguments.clone()).await;
    let text = result.content[0].as_text().expect("text").text.clone();
    assert_ne!(result.is_error, Some(true), "{tool} {arguments}: {text}");
    let value = result.structured_content.expect("structure");
    assert_eq!(serde_json::from_str::<Value>(&text).expect("JSON"), value);
    let tools = client.list_all_tools().await.expect("tools");
    let tool = tools.iter().find(|known| known.name == tool).expect("the tool");
    let schema = Value::Object((**tool.output_schema.as_ref().expect("a schema")).clone());
    let shown = json!({"type": "object", "allOf": [schema_without_defs(&schema)]});
    let wrong = faults(&value, &shown, &schema, &tool.name);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    value
}

fn schema_without_defs(schema: &Value) -> Value {
    let mut schema = schema.clone();
    schema.as_object_mut().expect("a schema").remove("$defs");
    schema
}

/// What a tool says went wrong.
async fn refused(client: &Client, tool: &'static str, arguments: Value) -> String {
    let result = call(client, tool, arguments.clone()).await;
    assert_eq!(result.is_error, Some(true), "{tool} {arguments}: {:?}", result.content);
    assert!(result.structured_content.is_none());
    result.content[0].as_text().expect("a sentence").text.clone()
}

#[tokio::test]
async fn an_assistant_searches_reads_and_cites() {
    let folder = archive();
    let client = client(&folder).await;
    let info = client.peer_info().expect("who it is");
    assert_eq!(info.server_info.as_ref().map(|server| server.name.as_str()), Some("nato-archive"));
    assert!(info.instructions.as_deref().is_some_and(|words| words.contains("Quote only words")));
    let tools = client.list_all_tools().await.expect("tools");
    let names: Vec<&str> = tools.iter().map(|tool| tool.name.as_ref()).collect();
    assert_eq!(names, ["search", "read", "cite", "trends", "resolve", "topics"]);
    for tool in &tools {
        assert_eq!(tool.input_schema["type"], "object", "{}", tool.name);
        assert_eq!(tool.input_schema["additionalProperties"], false, "{}", tool.name);
        for (name, argument) in tool.input_schema["properties"].as_object().expect("arguments") {
            let explained = argument["description"].is_string();
            assert!(explained, "{}: {name} is not explained", tool.name);
        }
        assert_eq!(tool.annotations.as_ref().and_then(|hints| hints.read_only_hint), Some(true));
    }

    let found = given(&client, "search", json!({"query": "nuclear deterrence", "from": "2025", "limit": 3})).await;
    assert!(found["total"].as_u64().is_some_and(|total| total > 0));
    let hit = &found["items"][0];
    assert!(word(&hit["url"]).starts_with(&format!("{BASE}/releases/")));
    assert!(hit["published"]["evidence"].is_array() && !word(&hit["published"]["display"]).is_empty());
    assert_eq!(word(&hit["sha256"]).len(), 64);
    let id = word(&hit["id"]);
    let passage = &hit["passages"][0];
    assert_eq!(word(&passage["url"]), format!("{0}?v=1&p={1}#p{1}", word(&hit["url"]), passage["number"]));

    let read = given(&client, "read", json!({"id": id})).await;
    assert_eq!((&read["sha256"], &read["version"], &read["current"]), (&hit["sha256"], &json!(1), &json!(true)));
    let same = read["passages"].as_array().expect("passages").iter().find(|one| one["number"] == passage["number"]).expect("the passage");
    assert_eq!(same["text"], passage["text"], "the words that were found are the words that are read");

    let cited = given(&client, "cite", json!({"id": word(&hit["url"]), "styles": ["apa", "bibtex"], "passage": passage["number"]})).await;
    assert_eq!(cited["words"], passage["text"]);
    assert_eq!(cited["items"].as_array().map(Vec::len), Some(2));
    assert!(word(&cited["items"][0]["text"]).contains(word(&passage["url"])), "{cited}");

    let resolved = given(&client, "resolve", json!({"url": "http://nato.int/a/long.htm"})).await;
    assert_eq!(resolved["release"]["title"], "A long text");
    let counted = given(&client, "trends", json!({"queries": ["defence", "lighthouses"], "by": "year"})).await;
    assert_eq!(counted["queries"][1]["total"], 1);
    let topics = given(&client, "topics", json!({"containing": "nuclear"})).await;
    assert!(topics["items"].as_array().is_some_and(|all| all.iter().any(|one| one["slug"] == "nuclear-deterrence")), "{topics}");
    client.cancel().await.expect("an end");
}

#[tokio::test]
async fn long_texts_come_in_parts_and_searches_in_pages() {
    let folder = archive();
    let client = client(&folder).await;
    for (title, passages) in [("A long text", 40), ("One paragraph", 1)] {
        let found = given(&client, "search", json!({"query": format!("title:\"{title}\"")})).await;
        let id = word(&found["items"][0]["id"]).to_owned();
        let mut parts: Vec<String> = vec![String::new(); passages];
        let mut asked = json!({"id": id, "max_characters": 3_000});
        let mut steps = 0;
        loop {
            let read = given(&client, "read", asked.clone()).await;
            assert_eq!(read["total_passages"], passages);
            for passage in read["passages"].as_array().expect("passages") {
                parts[passage["number"].as_u64().expect("a number") as usize - 1].push_str(word(&passage["text"]));
            }
            steps += 1;
            assert!(steps < 60);
            if read["next"].is_null() {
                break;
            }
            asked["passage"] = read["next"]["passage"].clone();
            asked["character"] = read["next"]["character"].clone();
        }
        assert!(steps > 5, "{title}: {steps}");
        let resource =
            client.read_resource(ReadResourceRequestParams::new(format!("nato-archive://release/{id}"))).await.expect("a resource");
        let whole = serde_json::to_value(&resource.contents[0]).expect("JSON");
        let folded = |words: &str| words.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(folded(word(&whole["text"])).ends_with(&folded(&parts.join(" "))), "{title}");
    }
    let templates = client.list_all_resource_templates().await.expect("templates");
    assert_eq!(templates[0].uri_template, "nato-archive://release/{id}");
    assert!(client.read_resource(ReadResourceRequestParams::new("nato-archive://release/00000000")).await.is_err());
    assert!(client.read_resource(ReadResourceRequestParams::new("file:///etc/passwd")).await.is_err());

    let all = given(&client, "search", json!({"sort": "newest", "limit": 25})).await;
    let (mut asked, mut ids) = (json!({"sort": "newest", "limit": 7}), Vec::new());
    loop {
        let page = given(&client, "search", asked.clone()).await;
        ids.extend(page["items"].as_array().expect("items").iter().map(|item| item["id"].clone()));
        if page["next"].is_null() {
            break;
        }
        asked["cursor"] = page["next"].clone();
    }
    assert_eq!(Value::Array(ids), all["items"].as_array().expect("items").iter().map(|item| item["id"].clone()).collect::<Value>());
    client.cancel().await.expect("an end");
}

#[tokio::test]
async fn what_is_wrong_is_said_in_a_sentence() {
    let folder = archive();
    let client = client(&folder).await;
    for (tool, arguments, said) in [
        ("search", json!({"query": "a", "limit": 26}), "limit: "),
        ("search", json!({"query": "a", "limit": "many"}), "could not be read"),
        ("search", json!({"qeury": "a"}), "unknown field"),
        ("search", json!({"from": "30 February 2025"}), "from: "),
        ("search", json!({"from": "2025", "to": "2024"}), "to: "),
        ("search", json!({"query": "data ".repeat(129)}), "128 words"),
        ("search", json!({"query": "a", "cursor": "AAAA"}), "cursor: "),
        ("search", json!({"topics": vec!["x"; 33]}), "topic: "),
        ("read", json!({}), "missing field"),
        ("read", json!({"id": "words"}), "id: "),
        ("read", json!({"id": "00000000"}), "holds no release"),
        ("read", json!({"id": "00000000", "max_characters": 1}), "max_characters: "),
        ("cite", json!({"id": "00000000"}), "holds no release"),
        ("cite", json!({"id": "00000000", "styles": ["vancouver"]}), "style: "),
        ("trends", json!({"queries": ["a", "b", "c", "d", "e", "f"]}), "at most 5"),
        ("trends", json!({"by": "week"}), "could not be read"),
        ("resolve", json!({"url": "https://www.nato.int/nothing"}), "holds no release"),
    ] {
        let sentence = refused(&client, tool, arguments.clone()).await;
        assert!(sentence.to_lowercase().contains(&said.to_lowercase()), "{tool} {arguments}: {sentence}");
    }
    let found = given(&client, "search", json!({"query": "lighthouses"})).await;
    let id = &found["items"][0]["id"];
    assert!(refused(&client, "read", json!({"id": id, "version": 7})).await.starts_with("version: "));
    assert!(refused(&client, "read", json!({"id": id, "passage": 41})).await.starts_with("passage: "));
    assert!(refused(&client, "cite", json!({"id": id, "passage": 41})).await.contains("there is no passage 41"));
    let sentence = refused(&client, "read", json!({"id": id, "passage": 2, "character": 90_000})).await;
    assert!(sentence.starts_with("character: passage 2 has "), "{sentence}");
    let place = format!("{BASE}/releases/{}/x?v=1&p=3#p3", word(id));
    let cited = given(&client, "cite", json!({"id": place, "styles": ["apa"]})).await;
    assert_eq!((&cited["version"], &cited["passage"]), (&json!(1), &json!(3)));
    assert_eq!(given(&client, "read", json!({"id": place})).await["passages"][0]["number"], 3);
    assert!(refused(&client, "cite", json!({"id": place, "passage": 4})).await.starts_with("passage: "));
    let elsewhere = place.replace("archive.example", "other.example");
    assert!(refused(&client, "read", json!({"id": elsewhere})).await.contains("other.example is another place"));
    let unknown = client.call_tool(CallToolRequestParams::new("delete")).await.expect_err("no such tool");
    assert!(unknown.to_string().contains("search"), "{unknown}");

    // A withdrawn release is told of, beside a server or not.
    let id = word(id).to_owned();
    let data = folder.path().join("data");
    let server = Server::start(&data, &["serve"]);
    let said: Said = program(&data).args(["withdraw", &id, "--reason", "It was a mistake."]).output().expect("the program").into();
    assert_eq!(said.code, Some(0), "{}", said.err);
    let sentence = refused(&client, "read", json!({"id": id})).await;
    assert!(sentence.contains("withdrawn") && sentence.contains("It was a mistake."), "{sentence}");
    assert_eq!(given(&client, "search", json!({"query": "lighthouses"})).await["total"], 0);
    assert_eq!(server.stop(), Some(0));
    client.cancel().await.expect("an end");
}

#[tokio::test]
async fn an_index_that_is_gone_is_built_beside_the_first_answers() {
    let folder = archive();
    std::fs::remove_dir_all(folder.path().join("data/index")).expect("no index");
    let client = client(&folder).await;
    let until = std::time::Instant::now() + crate::support::process::PATIENCE;
    loop {
        let result = call(&client, "search", json!({"query": "lighthouses"})).await;
        if result.structured_content.is_some_and(|found| found["total"] == 1) {
            break;
        }
        assert!(std::time::Instant::now() < until, "the index is still not there");
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    client.cancel().await.expect("an end");
}

#[test]
fn it_ends_with_its_input_and_writes_nothing_else() {
    let folder = archive();
    let data = folder.path().join("data");
    for before in [
        "",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-06-18\",\"capabilities\":{},\"clientInfo\":{\"name\":\"t\",\"version\":\"0\"}}}\n",
    ] {
        let mut child =
            program(&data).arg("mcp").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program");
        let mut input = child.stdin.take().expect("its input");
        let mut output = BufReader::new(child.stdout.take().expect("its output"));
        input.write_all(before.as_bytes()).expect("a request");
        if !before.is_empty() {
            let mut line = String::new();
            output.read_line(&mut line).expect("an answer");
            let answer: Value = serde_json::from_str(&line).expect("JSON");
            assert_eq!(answer["result"]["protocolVersion"], "2025-06-18");
            for (id, request, code) in [
                (2, json!({"method": "tools/call", "params": {"name": "search", "arguments": "x"}}), -32602),
                (3, json!({"method": "tools/call"}), -32602),
                (4, json!({"method": "resources/read", "params": {}}), -32602),
                (5, json!({"method": "tools/eat", "params": {}}), -32601),
            ] {
                let mut request = request;
                (request["jsonrpc"], request["id"]) = (json!("2.0"), json!(id));
                writeln!(input, "{request}").expect("a request");
                line.clear();
                output.read_line(&mut line).expect("an answer");
                let answer: Value = serde_json::from_str(&line).expect("JSON");
                assert_eq!((&answer["id"], &answer["error"]["code"]), (&json!(id), &json!(code)), "{answer}");
            }
        }
        drop(input);
        assert_eq!(child.wait().expect("an end").code(), Some(0));
        assert_eq!(output.lines().count(), 0);
    }
    let empty = folder.path().join("nothing");
    let said: Said = program(&empty).arg("mcp").output().expect("the program").into();
    assert_eq!((said.code, said.out.as_str()), (Some(1), ""));
    assert!(said.err.contains("there is no archive in") && said.err.contains("serve"), "{}", said.err);
    assert!(!empty.exists(), "reading makes nothing");
}

#[test]
fn the_command_line_searches_too() {
    let folder = archive();
    let data = folder.path().join("data");
    let run = |arguments: &[&str]| -> Said {
        program(&data).args(["--base-url", BASE, "search"]).args(arguments).output().expect("the program").into()
    };
    let said = run(&["--limit", "2", "defence", "-nuclear"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    let lines: Vec<&str> = said.out.lines().collect();
    assert!(lines[0].ends_with(" releases") && lines[1].starts_with("Read as: defence (also defense); without: nuclear"), "{}", said.out);
    assert_eq!(lines.iter().filter(|line| line.trim().starts_with(&format!("{BASE}/releases/"))).count(), 2, "{}", said.out);
    let json: Value = serde_json::from_str(&run(&["--json", "lighthouses"]).out).expect("JSON");
    assert_eq!((&json["total"], &json["items"][0]["title"]), (&json!(1), &json!("A long text")));
    assert_eq!(run(&[]).out.lines().next(), Some("25 releases"));
    std::fs::remove_dir_all(data.join("index")).expect("no index");
    assert_eq!(run(&[]).out.lines().next(), Some("25 releases"), "an index that is gone is built anew");
    let beyond = run(&[&"data ".repeat(129)]);
    assert_eq!(beyond.code, Some(1));
    assert!(beyond.err.contains("128 words"), "{}", beyond.err);
    assert_eq!(run(&["--limit", "0", "x"]).code, Some(2));
}
