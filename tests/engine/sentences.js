// What the page says of an error, with all of its sentences known.
import { addSentences, sentenceOf } from "../../webapp/page/text.js";
import { LATER } from "../../webapp/page/text/later.js";

addSentences(LATER);
export { sentenceOf };
