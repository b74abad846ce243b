// The bookmark as something to drag. Without this its address is there to copy.
const link = document.querySelector("[data-bookmark]");
link.href = document.getElementById("bookmark").value;
link.addEventListener("click", (event) => event.preventDefault());
link.closest("[data-drag]").hidden = false;
