// The page to try the API: a form for each operation of /openapi.json. Everything that comes from
// outside is put in as text, never as markup.

const LONGEST = 20000;

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function field(id, text, control) {
  control.id = id;
  return [element("label", { for: id }, text), control];
}

function form(path, method, operation) {
  const id = operation.operationId;
  const inputs = (operation.parameters ?? []).map((parameter) => {
    const input = element("input", { name: parameter.name, autocomplete: "off" });
    const text = [parameter.name, parameter.description ?? parameter.schema?.description];
    return { parameter, input, text: text.filter(Boolean).join(" · ") };
  });
  const content = operation.requestBody?.content?.["application/json"];
  const examples = Object.values(content?.examples ?? { none: { summary: "{}", value: {} } });
  const body = content ? element("textarea", { spellcheck: "false" }) : null;
  const told = element("p", { role: "status" });
  const shown = element("pre", { tabindex: "0", hidden: "" });
  const made = element("form");

  for (const { input, text, parameter } of inputs) {
    made.append(...field(`${id}-${parameter.name}`, text, input));
  }
  if (body) {
    const choice = element("select");
    examples.forEach((example, at) => {
      choice.append(element("option", { value: at }, example.summary));
    });
    const fill = () => {
      body.value = JSON.stringify(examples[Number(choice.value)].value, null, 2);
    };
    choice.addEventListener("change", fill);
    fill();
    made.append(...field(`${id}-example`, "例子 Example", choice));
    made.append(...field(`${id}-body`, "正文 Body", body));
  }
  made.append(element("button", { type: "submit" }, "发送 Send"), told, shown);

  made.addEventListener("submit", async (event) => {
    event.preventDefault();
    let address = path;
    const query = new URLSearchParams();
    for (const { parameter, input } of inputs) {
      if (parameter.in === "path") {
        address = address.replace(`{${parameter.name}}`, encodeURIComponent(input.value));
      } else if (input.value) {
        query.set(parameter.name, input.value);
      }
    }
    if (query.size) address += `?${query}`;
    const began = performance.now();
    told.textContent = "…";
    try {
      const answer = await fetch(address, {
        method: method.toUpperCase(),
        headers: body ? { "Content-Type": "application/json" } : {},
        body: body ? body.value : undefined,
      });
      const text = await answer.text();
      const took = Math.round(performance.now() - began);
      told.className = answer.ok ? "good" : "bad";
      told.textContent = `${answer.status} ${answer.ok ? "成功 OK" : "被拒绝 refused"} · ${took} ms`;
      shown.textContent = pretty(text);
    } catch (error) {
      told.className = "bad";
      told.textContent = `没有连上服务 The server was not reached: ${error.message}`;
      shown.textContent = "";
    }
    shown.hidden = !shown.textContent;
  });
  return made;
}

function pretty(text) {
  let told = text;
  try {
    told = JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    // Not JSON: shown as it came
  }
  return told.length > LONGEST ? `${told.slice(0, LONGEST)}\n… (${told.length})` : told;
}

async function start() {
  const place = document.getElementById("operations");
  try {
    const document_ = await (await fetch("/openapi.json")).json();
    place.replaceChildren();
    for (const [path, operations] of Object.entries(document_.paths)) {
      for (const [method, operation] of Object.entries(operations)) {
        const code = element("code", {}, `${method.toUpperCase()} ${path}`);
        const head = element("h2", {}, code, element("br"), operation.summary ?? "");
        place.append(element("section", {}, head, form(path, method, operation)));
      }
    }
  } catch (error) {
    place.replaceChildren(
      element("p", { class: "bad" }, `读取失败 Could not be loaded: ${error.message}`),
    );
  }
}

await start();
