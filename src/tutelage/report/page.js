// Picking a node of a map: it is outlined in all drawings of that map, and the panel says who sits there.
"use strict";
for (const map of document.querySelectorAll(".maps")) {
  const told = JSON.parse(map.querySelector("script").textContent);
  const panel = map.querySelector(".panel"), words = panel.querySelector("p"), list = panel.querySelector(".scroll");
  const nodes = told.nodes, groups = [...map.querySelectorAll(".cells")], first = [...groups[0].children];
  const rings = groups.map((group) => group.parentNode.querySelector(".ring"));
  const place = (ring, node) => ring.setAttribute("transform", `translate(${nodes[node]})`);
  const seated = nodes.map(() => []);
  for (const example of told.examples) seated[example.node].push(example);
  const focus = rings[0].parentNode.insertBefore(rings[0].cloneNode(true), rings[0]);
  focus.setAttribute("class", "ring focus");
  let at = 0, picked = -1, [column, row] = nodes[0];

  const add = (parent, tag, text = "", name = "") => {
    const made = parent.appendChild(document.createElement(tag));
    made.textContent = text;
    if (name) made.className = name;
    return made;
  };
  const count = (n) => (n === 1 ? "1 example" : `${n} examples`);

  const show = (here) => {
    list.replaceChildren();
    list.hidden = !here.length;
    if (!here.length) return;
    const table = add(list, "table"), head = add(add(table, "thead"), "tr"), body = add(table, "tbody");
    const labelled = here.some((example) => example.label);
    add(head, "th", "example");
    if (labelled) add(head, "th", "label");
    for (const [name, unit] of told.features) add(head, "th", unit ? `${name}, ${unit}` : name, "number");
    for (const example of here) {
      const line = add(body, "tr");
      add(line, "th", example.title).scope = "row";
      if (labelled) add(line, "td", example.label);
      for (const value of example.values) add(line, "td", String(value).replace("-", "−"), "number");
    }
    for (const cell of head.children) cell.scope = "col";
    list.scrollTop = 0;
  };

  const pick = (node) => {
    if (picked >= 0) first[picked].setAttribute("aria-pressed", "false");
    picked = node === picked ? -1 : node;
    map.classList.toggle("chosen", picked >= 0);
    if (picked < 0) { words.textContent = "No node is picked."; show([]); return; }
    first[node].setAttribute("aria-pressed", "true");
    for (const ring of rings) place(ring, node);
    const labels = new Map();
    for (const { label } of seated[node]) if (label) labels.set(label, (labels.get(label) ?? 0) + 1);
    const counts = [...labels].sort((a, b) => b[1] - a[1]).map(([label, n]) => `${n} ${label}`).join(", ");
    words.textContent = `Node ${node + 1}: ` + (seated[node].length ? count(seated[node].length) : "nobody sits there") +
      (counts ? ` (${counts})` : "") + ".";
    show(seated[node]);
  };

  const move = (node) => { first[at].tabIndex = -1; at = node; first[at].tabIndex = 0; place(focus, at); };
  // The nearest node that way; sideways it keeps to where it set out, or rows of hexagons would lead astray.
  const next = (dx, dy) => {
    const cost = ([x, y]) => {
      const ahead = dx ? (x - nodes[at][0]) * dx : (y - nodes[at][1]) * dy;
      return ahead > 0.6 ? ahead + Math.abs(dx ? y - row : x - column) : Infinity;
    };
    const best = nodes.reduce((a, node, b) => (cost(node) < cost(nodes[a]) - 1e-6 ? b : a), at);
    if (best === at) return;
    if (dx) column = nodes[best][0]; else row = nodes[best][1];
    move(best);
    first[at].focus();
  };

  const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  groups[0].parentNode.setAttribute("role", "group");
  first.forEach((cell, node) => {
    const said = { role: "button", tabindex: node ? -1 : 0, "aria-pressed": "false", "aria-label": `node ${node + 1}, ${count(seated[node].length)}` };
    for (const [name, value] of Object.entries(said)) cell.setAttribute(name, value);
  });
  place(focus, at);
  groups[0].addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (ways[event.key]) next(...ways[event.key]);
    else if (event.key === "Enter" || event.key === " ") pick(at);
    else if (event.key === "Escape" && picked >= 0) pick(picked);
    else return;
    event.preventDefault();
  });
  for (const group of groups) group.addEventListener("click", (event) => {
    const node = [...group.children].indexOf(event.target);
    if (node < 0) return;
    move(node);
    [column, row] = nodes[node];
    pick(node);
  });
  map.classList.add("live");
  panel.hidden = false;
}
