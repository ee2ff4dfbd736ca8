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
