/* Shows how far the sending of a file is; without this file the form is sent as any other:
   <form method="post" enctype="multipart/form-data" data-upload>
     … <button class="btn btn-primary" data-busy="Bezig met versturen…">…</button>
     <div data-upload-progress hidden>
       <label for="versturen">Versturen</label> <span data-upload-text></span>
       <progress id="versturen" max="100" value="0"></progress>
     </div>
     <p class="alert alert-danger" role="alert" data-upload-failed hidden>…</p>
   </form>
   When it could not be delivered, that last sentence is shown; the chosen file stays chosen. The server answers as to the plain form: a redirect is followed, a page with errors is shown. */
function show(form, share) {
  const box = form.querySelector("[data-upload-progress]");
  if (!box) return;
  box.hidden = false;
  const whole = Math.floor(share * 100);
  box.querySelector("progress").value = whole;
  const text = box.querySelector("[data-upload-text]");
  if (text) text.textContent = share < 1 ? `${whole} %` : (form.dataset.uploadChecking ?? "");
}

function showAnswer(request) {
  const answered = new DOMParser().parseFromString(request.responseText, "text/html");
  document.title = answered.title;
  document.querySelector("main").replaceWith(answered.querySelector("main"));
  document.querySelectorAll("form[data-upload]").forEach(watch);
  document.querySelector("[data-focus], h1")?.focus();
}

function arrive(form, request) {
  const elsewhere = new URL(request.responseURL).pathname !== new URL(form.action).pathname;
  if (elsewhere && request.status < 400) {
    window.location.assign(request.responseURL);
    return;
  }
  if (request.responseText.includes("<main")) {
    showAnswer(request);
    return;
  }
  fail(form);
}

function fail(form) {
  form.removeAttribute("aria-busy");
  for (const button of form.querySelectorAll(".btn.is-busy")) {
    button.classList.remove("is-busy");
    button.textContent = button.dataset.words;
  }
  for (const box of form.querySelectorAll("[data-upload-progress]")) box.hidden = true;
  for (const sentence of form.querySelectorAll("[data-upload-failed]")) sentence.hidden = false;
}

function send(form, button) {
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) show(form, event.loaded / event.total);
  });
  request.addEventListener("load", () => arrive(form, request));
  request.addEventListener("error", () => fail(form));
  request.send(new FormData(form, button));
}

function showBusy(button) {
  if (!button) return;
  button.dataset.words = button.textContent;
  button.classList.add("is-busy");
  if (button.dataset.busy) button.textContent = button.dataset.busy;
}

function watch(form) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (form.getAttribute("aria-busy") === "true") return;
    form.setAttribute("aria-busy", "true");
    for (const sentence of form.querySelectorAll("[data-upload-failed]")) sentence.hidden = true;
    showBusy(event.submitter);
    show(form, 0);
    send(form, event.submitter);
  });
}

document.querySelectorAll("form[data-upload]").forEach(watch);
