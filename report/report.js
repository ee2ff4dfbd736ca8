// Long tables get a field that leaves the rows whose first cell holds the text.
for (const details of document.querySelectorAll("details.long")) {
    const field = document.createElement("input");
    field.type = "search";
    field.placeholder = "part of a name";
    field.setAttribute("aria-label", "show rows whose name holds");
    field.addEventListener("input", () => {
        const text = field.value.toLowerCase();
        for (const row of details.querySelectorAll("tbody tr"))
            row.hidden = !row.cells[0].textContent.toLowerCase().includes(text);
    });
    details.querySelector("summary").after(field);
}
// Each plot can be had as a file of its own: what the style sheet says of its parts goes along, as the page shows it.
const kept = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-linejoin",
    "vector-effect", "font", "text-anchor", "image-rendering"];
function standalone(svg) {
    const copy = svg.cloneNode(true), box = svg.viewBox.baseVal;
    const from = [svg, ...svg.querySelectorAll("*")], to = [copy, ...copy.querySelectorAll("*")];
    from.forEach((part, i) => {
        const style = getComputedStyle(part);
        to[i].setAttribute("style", kept.map(name => name + ":" + style.getPropertyValue(name)).join(";"));
        to[i].removeAttribute("class");
    });
    copy.setAttribute("width", box.width);
    copy.setAttribute("height", box.height);
    copy.style.background = getComputedStyle(document.body).backgroundColor;
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + new XMLSerializer().serializeToString(copy) + "\n";
}
for (const svg of document.querySelectorAll("svg[role=img]")) {
    const link = document.createElement("a"), title = svg.querySelector("title").textContent;
    link.className = "file";
    link.download = title.replace(/[^\p{L}\p{N}]+/gu, "_").slice(0, 80) + ".svg";
    link.textContent = "SVG";
    link.setAttribute("aria-label", title + ", as an SVG file");
    link.href = "#" + (svg.closest("section")?.id ?? "");
    link.addEventListener("click", () => {
        link.href = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(standalone(svg));
    });
    svg.after(link);
}
