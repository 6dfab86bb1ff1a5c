// What axe does not say of a page: anything cut off or wider than the screen, errors that lead nowhere, ids given twice.
() => {
  const wrong = [], room = document.documentElement;
  const say = (what, element) => wrong.push(`${what}: ${element.outerHTML.slice(0, 140)}`);
  if (room.scrollWidth > room.clientWidth) wrong.push(`wider than ${room.clientWidth} pixels`);
  if (document.querySelectorAll("h1").length !== 1) wrong.push("not one h1");
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  for (const id of new Set(ids.filter((id, at) => ids.indexOf(id) !== at))) wrong.push(`two have the id ${id}`);
  const errors = document.querySelector(".govuk-error-summary");
  if (Boolean(errors) !== document.title.startsWith("Error: ")) wrong.push("the title does not say whether there is an error");
  for (const link of errors ? errors.querySelectorAll("a") : []) {
    const field = document.getElementById(link.hash.slice(1));
    if (!field) say("leads nowhere", link);
    else if (field.matches("input, select") && !field.getAttribute("aria-describedby")?.includes("-error")) say("its error is not told", field);
    else if (!field.checkVisibility()) say("leads to what cannot be seen", link);
  }
  const scrolls = (element) => ["auto", "scroll"].includes(getComputedStyle(element).overflowX);
  const isHidden = (element) => element.closest(".govuk-visually-hidden, .govuk-skip-link, option, [hidden]") !== null;
  const above = (element) => (element === document.body ? [] : [element, ...above(element.parentElement)]);
  for (const element of document.body.querySelectorAll("*")) {
    const box = element.getBoundingClientRect();
    const isBeside = box.right > room.clientWidth + 1 || box.left < -1;
    const isCut = element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0;
    if (box.width === 0 || !(isBeside || isCut) || !element.checkVisibility() || isHidden(element)) continue;
    if (above(element).some((one) => getComputedStyle(one).clipPath !== "none" || scrolls(one))) continue;
    if (isBeside) say("beside the screen", element);
    const hasText = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    if (isCut && hasText && !element.matches("select, svg *") && getComputedStyle(element).overflowX !== "visible") say("cut off", element);
  }
  for (const cell of document.querySelectorAll(".al-stack tbody :is(td, th)")) {
    const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT), range = document.createRange();
    while (texts.nextNode()) {
      for (const word of texts.currentNode.data.matchAll(/(?<!\S)[\p{L}\d]{3,14}(?![^\s,.;:])/gu)) {
        range.setStart(texts.currentNode, word.index);
        range.setEnd(texts.currentNode, word.index + word[0].length);
        if (range.getClientRects().length > 1 && !isHidden(cell) && !isHidden(texts.currentNode.parentElement)) say(`${word[0]} is broken`, cell);
      }
    }
  }
  return wrong.slice(0, 12);
}
