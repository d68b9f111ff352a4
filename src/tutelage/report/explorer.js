// Walking over a plane of latent numbers: the point under the circle is decoded here, by the decoder's own weights.
"use strict";
for (const explorer of document.querySelectorAll(".explorer")) {
  const told = JSON.parse(explorer.querySelector("script").textContent);
  const plane = explorer.querySelector(".plane"), decoded = explorer.querySelector(".decoded");
  const canvas = decoded.querySelector("canvas"), pen = canvas.getContext("2d"), words = decoded.querySelector(".where");
  const side = plane.querySelector("rect").width.baseVal.value, z = told.z, last = z.length - 1;
  const [channels, height, width] = told.shape, picture = pen.createImageData(width, height);

  // Each layer's scales and biases as floats, then each layer's weights as whole numbers, row by row.
  const { buffer } = Uint8Array.from(atob(told.weights), (letter) => letter.charCodeAt(0));
  const units = told.widths.slice(1), numbers = 2 * units.reduce((sum, wide) => sum + wide);
  const floats = new Float32Array(buffer, 0, numbers), weights = new Int16Array(buffer, 4 * numbers);

  // Linear layers with ReLU between them.
  const decode = (point) => {
    let scale = 0, at = 0, values = point;
    units.forEach((wide, layer) => {
      const next = new Float32Array(wide);
      for (let i = 0; i < wide; i++) {
        let sum = 0;
        for (let j = 0; j < values.length; j++) sum += weights[at++] * values[j];
        sum = floats[scale + i] * sum + floats[scale + wide + i];
        next[i] = sum > 0 || layer === units.length - 1 ? sum : 0;
      }
      scale += 2 * wide;
      values = next;
    });
    return told.sigmoid ? values.map((value) => 1 / (1 + Math.exp(-value))) : values;
  };

  const draw = (point) => {
    const pixels = decode(point), area = width * height;
    for (let at = 0; at < area; at++) {
      for (let of = 0; of < 3; of++) picture.data[4 * at + of] = 255 * pixels[(of % channels) * area + at];
      picture.data[4 * at + 3] = 255;
    }
    pen.putImageData(picture, 0, 0);
  };

  const add = (parent, tag, said) => {
    const made = parent.appendChild(document.createElementNS(plane.namespaceURI, tag));
    for (const [name, value] of Object.entries(said)) made.setAttribute(name, value);
    return made;
  };
  const how = decoded.querySelector(".how").textContent;
  const label = `Circle on the plane of two latent numbers. ${how}`;
  const circle = add(plane, "g", { class: "circle", tabindex: 0, role: "application", "aria-label": label });
  for (const name of ["ground", "line"]) add(circle, "circle", { class: name, r: 11 });

  // Places along a side are as many as numbers in z: the page decodes exactly the numbers it says.
  let across = last / 2, up = last / 2;
  const move = (x, y) => {
    [across, up] = [x, y].map((at) => Math.min(Math.max(at, 0), last));
    const place = (at) => side * (at + 0.5) / z.length, point = [z[across], z[up]];
    circle.setAttribute("transform", `translate(${place(across)} ${place(last - up)})`);
    words.textContent = point.map((value, at) => `${["z₁", "z₂"][at]} = ${value.toFixed(3).replace("-", "−")}`).join(", ");
    draw(point);
  };

  const follow = (event) => {
    const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(plane.getScreenCTM().inverse());
    move(Math.floor(z.length * x / side), Math.floor(z.length * (1 - y / side)));
  };
  plane.addEventListener("pointerdown", (event) => {
    if (event.button || !event.isPrimary) return;
    event.preventDefault();
    plane.setPointerCapture(event.pointerId);
    circle.focus({ preventScroll: true });
    follow(event);
  });
  plane.addEventListener("pointermove", (event) => { if (plane.hasPointerCapture(event.pointerId)) follow(event); });

  const step = 4, leap = 10 * step;
  const ways = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, step], ArrowDown: [0, -step], PageUp: [0, leap], PageDown: [0, -leap] };
  circle.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Home") move(last / 2, last / 2);
    else if (event.key in ways) {
      const far = event.shiftKey && event.key.startsWith("Arrow") ? leap / step : 1;
      move(across + far * ways[event.key][0], up + far * ways[event.key][1]);
    } else return;
    event.preventDefault();
  });

  plane.setAttribute("role", "group");
  explorer.classList.add("live");
  decoded.hidden = false;
  move(across, up);
}
