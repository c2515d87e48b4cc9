// Says on the page when a passkey was not made or used, where django-allauth's script would only
// log it; and takes away what a browser without passkeys could not do.
(() => {
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault()
    const note = document.getElementById("passkey-failed")
    if (note) {
      // Emptied first, so that the same failure is announced again.
      note.hidden = true
      setTimeout(() => { note.hidden = false })
    }
  })
  document.addEventListener("DOMContentLoaded", () => {
    const can = Boolean(window.PublicKeyCredential)
    for (const element of document.querySelectorAll("[data-passkey]")) element.hidden = !can
    const missing = document.getElementById("passkey-missing")
    if (missing) missing.hidden = can
  })
})()
