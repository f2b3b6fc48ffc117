// The stars at the end of a call.
import { html, useState } from "../lib/html.js";

const ISSUES = ["NO_ISSUE", "BACKGROUND_NOISE", "CHOPPY_AUDIO", "HIGH_LATENCY", "NO_AUDIO", "ECHO"];
const WORDS = ["", "terrible", "poor", "fair", "good", "excellent"];

export function Rating({ phone }) {
  const [rating, setRating] = useState(0);
  const submit = async event => {
    event.preventDefault();
    const { issue, comment } = Object.fromEntries(new FormData(event.target));
    await phone.attempt(() => phone.calls.rate(rating, issue, comment.trim()));
  };
  return html`
    <form class="stack rating" onSubmit=${submit}>
      <fieldset class="stars"><legend>How was the call?</legend>
        ${[1, 2, 3, 4, 5].map(one => html`
          <label title=${WORDS[one]} class=${one <= rating ? "lit" : ""}>
            <input type="radio" name="rating" value=${one} required checked=${one === rating} onChange=${() => setRating(one)} aria-label=${`${one}: ${WORDS[one]}`} />★</label>`)}
      </fieldset>
      <label>Problem <select name="issue">${ISSUES.map(one => html`<option value=${one}>${one.toLowerCase().replaceAll("_", " ")}</option>`)}</select></label>
      <label>Comment <input name="comment" maxlength="500" placeholder="none" /></label>
      <div class="buttons"><button type="button" onClick=${() => phone.calls.done()}>Skip</button><button class="main">Send</button></div>
    </form>`;
}
