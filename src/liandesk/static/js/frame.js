// What scripts add to the frame; every page works without them.

const opened = "details.frame-drop[open]";

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    showSearch();
  }
  if (event.key === "Escape") closeMenus();
});

document.addEventListener("click", (event) => closeMenus(event.target));

// a request that failed in the background says so; what the person had entered stays on the page
document.addEventListener("htmx:responseError", (event) => say(messageOf(event.detail.xhr.responseText)));
document.addEventListener("htmx:sendError", () => say(""));

// a slider stands beside a number, moves it and follows it
for (const slider of document.querySelectorAll("[data-weight]")) slider.hidden = false;
document.addEventListener("input", ({ target }) => {
  const other = target.dataset.weight
    ? document.getElementById(target.dataset.weight)
    : document.querySelector(`[data-weight="${target.id}"]`);
  if (other) other.value = target.value;
});

function showSearch() {
  const box = document.querySelector("[data-search]");
  if (!box) return;
  const folded = document.querySelector(".frame-bar > details.frame-toggle");
  if (box.offsetParent === null && folded) folded.open = true;
  box.focus();
  box.select();
}

function closeMenus(target) {
  for (const menu of document.querySelectorAll(opened)) {
    if (target && menu.contains(target)) continue;
    if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
    menu.open = false;
  }
}

function messageOf(page) {
  const found = new DOMParser().parseFromString(page, "text/html").querySelector("[data-error]");
  return found ? found.textContent.trim().replace(/\s+/g, " ") : "";
}

function say(message) {
  const notice = document.getElementById("notice");
  notice.textContent = message || notice.dataset.failed;
}
