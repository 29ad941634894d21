// Forms: files go up by themselves and leave their id in the field; JSON is looked at before it is sent.

function said(drop, text, bad) {
  const line = drop.querySelector(".said");
  line.textContent = text;
  line.classList.toggle("fault", Boolean(bad));
}

function size(bytes) {
  return bytes < 1e3 ? `${bytes} B` : bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

function reason(request) {
  try {
    const problem = JSON.parse(request.responseText);
    return problem.detail || problem.title || `Refused (${request.status}).`;
  } catch {
    return request.status === 404 || request.status === 405
      ? "This server takes no files."
      : `Refused (${request.status}).`;
  }
}

function upload(drop, file) {
  const field = drop.querySelector("input[type=text]");
  const bar = drop.querySelector("progress");
  const request = new XMLHttpRequest();
  request.open("POST", `/v1/files?name=${encodeURIComponent(file.name)}`);
  request.setRequestHeader("Content-Type", file.type || "application/octet-stream");
  request.upload.onprogress = (event) => {
    if (event.lengthComputable) bar.value = (event.loaded / event.total) * 100;
  };
  request.onload = () => {
    bar.hidden = true;
    let id;
    try {
      id = request.status === 201 ? JSON.parse(request.responseText).id : undefined;
    } catch {
      id = undefined;
    }
    if (typeof id === "string") {
      field.value = id;
      said(drop, `${file.name}, ${size(file.size)}, is uploaded.`);
    } else {
      said(drop, reason(request), true);
    }
  };
  request.onerror = () => {
    bar.hidden = true;
    said(drop, "The upload broke off. Try again.", true);
  };
  bar.value = 0;
  bar.hidden = false;
  said(drop, `Uploading ${file.name} …`);
  request.send(file);
}

for (const drop of document.querySelectorAll("[data-drop]")) {
  const chooser = drop.querySelector("input[type=file]");
  drop.querySelector(".choose").hidden = false;
  drop.querySelector(".dropword").hidden = false;
  chooser.addEventListener("change", () => {
    if (chooser.files.length) upload(drop, chooser.files[0]);
  });
  for (const type of ["dragenter", "dragover"]) {
    drop.addEventListener(type, (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
  }
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    if (event.dataTransfer.files.length) upload(drop, event.dataTransfer.files[0]);
  });
}

for (const area of document.querySelectorAll("textarea[data-json]")) {
  area.addEventListener("blur", () => {
    let fault = "";
    try {
      if (area.value.trim()) JSON.parse(area.value);
    } catch (wrong) {
      fault = `Not JSON: ${wrong.message}`;
    }
    let line = area.parentElement.querySelector(".fault.own");
    if (!line) {
      line = document.createElement("p");
      line.className = "fault own";
      area.after(line);
    }
    line.textContent = fault;
    area.parentElement.classList.toggle("wrong", fault !== "");
  });
}
