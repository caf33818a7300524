/** What was asked for cannot be written; the message is one line that says what to do. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}
