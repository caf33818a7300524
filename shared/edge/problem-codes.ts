/** What a problem means and what to do about it; `/docs/problems/<code>` is made from this. */
export interface ProblemPage {
  readonly meaning: string;
  readonly remedy: string;
}

const again = 'Send the same request again after the seconds in Retry-After, with growing pauses.';

/** Every code a caller may see. */
export const problemPages: Readonly<Record<string, ProblemPage>> = {
  // Reading the request
  'body.missing': { meaning: 'The route takes a body and none came.', remedy: 'Send the body as JSON.' },
  'body.unexpected': { meaning: 'The route takes no body and one came.', remedy: 'Leave the body out.' },
  'body.encoding': {
    meaning: 'The body is not UTF-8: another encoding, a byte order mark, a NUL, or base64 that is none.',
    remedy: 'Send UTF-8 without a byte order mark.',
  },
  'body.content-type': {
    meaning: 'The body is not said to be JSON in UTF-8.',
    remedy: 'Send Content-Type: application/json.',
  },
  'body.content-encoding': { meaning: 'The body is compressed.', remedy: 'Send it as it is.' },
  'body.too-large': {
    meaning: 'The body has more bytes than the route takes.',
    remedy:
      'Send less at once, e.g. fewer facts; how many bytes a route takes is said with its body in the API document.',
  },
  'body.invalid': {
    meaning: 'The body is JSON but does not fit the route; `errors` names each field by JSON pointer.',
    remedy: 'Put right what `errors` names.',
  },
  'json.syntax': { meaning: 'The body is not JSON.', remedy: 'Check the body with a JSON parser.' },
  'json.depth': { meaning: 'The body is more than 10 levels deep.', remedy: 'Send what the route documents.' },
  'json.duplicate-name': {
    meaning: 'An object holds one member twice, so what is meant is unclear.',
    remedy: 'Send each member once.',
  },
  'json.forbidden-name': {
    meaning: 'A member is named __proto__, constructor or prototype.',
    remedy: 'Use another name.',
  },
  'json.number': {
    meaning: 'A number is out of range, or a whole number cannot be kept exactly.',
    remedy: 'Stay within 2^53, or send the value as text where the route takes text.',
  },
  'text.characters': {
    meaning:
      'A text holds control characters, or marks that turn the direction of what is read: they would steer what shows it.',
    remedy:
      'Take them out of the texts that `errors` names. Tabs and line ends may stand in texts of several lines; joiners of letters may stand anywhere.',
  },
  'json.text': {
    meaning: 'A text holds NUL or half a surrogate pair.',
    remedy: 'Send well-formed Unicode.',
  },
  'path.invalid': {
    meaning: 'A part of the path is not of the form that the route takes; `errors` names it and says the form.',
    remedy: 'Put right what `errors` names, and percent-encode it.',
  },
  'query.invalid': {
    meaning: 'A query parameter is unknown or does not fit; `errors` names each.',
    remedy: 'Put right what `errors` names.',
  },
  'query.repeated': { meaning: 'A query parameter stands twice.', remedy: 'Send it once.' },
  'query.encoding': {
    meaning: 'The query is not encoded as it should be.',
    remedy: 'Percent-encode UTF-8, without NUL.',
  },
  'search.too-short': {
    meaning: 'A search has fewer than two characters, or no letter or digit.',
    remedy: 'Search for at least two characters.',
  },
  'search.too-long': {
    meaning: 'A search has more than 200 characters or 16 words.',
    remedy: 'Search for less, e.g. name and postcode.',
  },
  'path.encoding': { meaning: 'The path is not encoded as it should be.', remedy: 'Percent-encode UTF-8.' },
  'header.repeated': { meaning: 'A header that takes one value stands twice.', remedy: 'Send it once.' },
  'headers.too-large': { meaning: 'The headers have more than 16 KB.', remedy: 'Send fewer or shorter headers.' },
  'request.unreadable': {
    meaning: 'The bytes that came are not an HTTP request, or not one the gateway can read.',
    remedy: 'Use an HTTP client, and send what the route documents.',
  },
  'request.filtered': {
    meaning: 'The firewall in front of the API took the request for an attack and stopped it.',
    remedy: 'Leave markup, addresses of files and the like out of path, query and body; else ask the operator why.',
  },
  'requests.too-many': {
    meaning: 'More requests came than the API, or one caller, may send in a time.',
    remedy: 'Send the same request again after the seconds in Retry-After, then fewer of them.',
  },
  'requests.quota': {
    meaning: 'The requests that this client may send in a day are used up.',
    remedy:
      'Send the rest the next day, more facts in each request (up to 100), or ask the operator for a larger quota.',
  },
  'host.unknown': {
    meaning: 'The request names a host this server does not answer for.',
    remedy: 'Use the address the server printed.',
  },
  'cursor.invalid': {
    meaning: 'The cursor was altered, is older than an hour, or belongs to another caller, route or filter.',
    remedy: 'Start again without a cursor.',
  },
  'route.unknown': {
    meaning: 'There is no such route, or the gateway does not serve it by this method.',
    remedy: 'See /v1/openapi.json.',
  },
  'route.method': { meaning: 'The route does not take this method.', remedy: 'Use one of those in Allow.' },

  // Who asks
  'token.missing': { meaning: 'No token came.', remedy: 'Sign in and send Authorization: Bearer <access token>.' },
  'token.invalid': {
    meaning: 'The token proves nothing here: not ours, altered, over, not an access token, or for another client.',
    remedy: 'Sign in again. Why exactly is not said.',
  },
  'mapping.invalid': {
    meaning:
      'The mapping of a CSV file cannot be used; `errors` names each fault. A mapping goes with the format csv alone.',
    remedy: 'Put right what `errors` names; docs/import.md has the table of fields.',
  },
  'import.expired': {
    meaning: 'What the import brought is written down no longer: it cannot be taken back, and its errors are gone.',
    remedy: 'Hand the file in again to read it once more; correct single readings by their own route.',
  },
  'import.forgotten': {
    meaning: 'The file told of somebody who was erased since; what was handed in and written down of it is gone.',
    remedy: 'Hand in a file without them. What it told of others is kept; correct single readings by their own route.',
  },
  'import.running': {
    meaning: 'The import is still read; what it sent has to be stored before it can be taken out.',
    remedy: 'Ask again once its state is done or failed.',
  },
  'import.unknown': { meaning: 'There is no such import.', remedy: 'Begin one with POST /v1/imports.' },
  'upload.size': {
    meaning: 'The file that was put is not of the size that its import was begun with.',
    remedy: 'Begin the import with the size and the SHA-256 of this file.',
  },
  'upload.hash': {
    meaning: 'The file that was put is not the one its import was begun with: the SHA-256 differs.',
    remedy: 'Begin the import with the size and the SHA-256 of this file.',
  },
  'upload.address': {
    meaning: 'The address of the upload is not one that was given, or its hour is over.',
    remedy: 'Begin the import again: it answers a new address.',
  },
  'token.refused': {
    meaning: 'The gateway took no token from the request: none came, or the one that came proves nothing here.',
    remedy: 'Sign in and send Authorization: Bearer <access token>.',
  },
  'sign-in.unavailable': { meaning: 'The keys of the sign-in cannot be read just now.', remedy: again },
  'access.denied': {
    meaning: 'The role or scope of the token does not include this.',
    remedy: 'Ask somebody whose role does, or for the scope.',
  },
  'member.for-staff': {
    meaning: 'The body says what customers cannot say, such as how a call ended; `errors` names each member.',
    remedy: 'Leave those members out; docs/self-service.md lists what customers may send.',
  },
  'change.by-request': {
    meaning:
      'Customers may not change this themselves; `errors` names each member. The wish is kept as their request, under `interactionId`, and a supervisor decides on it.',
    remedy: 'Nothing needs to be sent again: GET /v1/customers/{id}/change-requests says what became of it.',
  },
  'contact-point.remove-and-add': {
    meaning:
      'A customer does not put another value into a contact point: what was proved of the old one is not true of it.',
    remedy: 'Remove the contact point and add the new one.',
  },
  'api-key.refused': {
    meaning:
      'The gateway counts the calls of this route by client, and took no x-api-key: none came, or none of a client here.',
    remedy: 'Send x-api-key with the client id of the token (its claim client_id).',
  },
  'api-key.foreign': {
    meaning: 'The x-api-key is not the client id of the token, so the call would count for another client.',
    remedy: 'Send x-api-key with the client id of the token (its claim client_id).',
  },
  'purpose.required': {
    meaning: 'The role may read for several purposes, and none was named.',
    remedy: 'Send Rotunda-Purpose with one of `purposes`.',
  },
  'purpose.not-allowed': {
    meaning: 'The role does not read for this purpose.',
    remedy: 'Send Rotunda-Purpose with one of `purposes`.',
  },
  'purpose.unknown': { meaning: 'Rotunda-Purpose names no purpose.', remedy: 'Send one of `purposes`.' },
  'act.unknown': {
    meaning: 'The function of the operator was asked for an act it has not.',
    remedy: 'Ask for one of `acts`.',
  },
  'replay.running': {
    meaning: 'Another replay is under way, that of the id `replay`; one at a time is worked on.',
    remedy: 'Look at it with `rotunda ops replay --status`, wait for its end, or end it with `--stop`.',
  },
  'replay.unknown': {
    meaning: 'There is no replay of this id, or none was ever begun.',
    remedy: 'Ask for the status without an id: it is that of the last one.',
  },
  'not-found': {
    meaning: 'Nothing is there under this id, or nothing that this caller may know of.',
    remedy: 'Check the id or reference.',
  },
  'source.refused': {
    meaning: 'A fact names a source that the caller is not bound to.',
    remedy: "Send facts of the caller's own sources only.",
  },
  'fact.type-not-allowed': {
    meaning:
      'The source of a fact may not say facts of this type. What each may say is declared; merges, pins and what is judged are said by this system alone.',
    remedy:
      'Send what the source may say (docs/sources.md); that two records are one as customer.duplicate.claimed.v1, for a supervisor to decide.',
  },
  'fact.value-not-allowed': {
    meaning: 'The source of a fact may say its type, but not the members that `errors` names, or not these values.',
    remedy: 'Leave them out: what was proved is said by a source that sees proof, see docs/sources.md.',
  },

  // Writing
  'if-match.required': {
    meaning: 'A change must say which version it changes.',
    remedy: 'Read the thing, then send its ETag in If-Match.',
  },
  'if-match.invalid': {
    meaning: 'If-Match is not one ETag of this API.',
    remedy: 'Send the ETag as it was read: "v17".',
  },
  'if-match.weak': { meaning: 'If-Match never matches a weak ETag.', remedy: 'Send the strong ETag, without W/.' },
  'version.stale': {
    meaning: 'The thing was changed since it was read; the problem document names its version now.',
    remedy: 'Read it again and decide anew.',
  },
  'reason.required': {
    meaning: 'The change is one that nobody makes without saying why, and the reason is missing.',
    remedy: 'Send why in the header Rotunda-Reason; the operator says it by --reason.',
  },
  'reason.invalid': {
    meaning: 'Rotunda-Reason is too short or too long, holds control characters, or is not encoded as it should be.',
    remedy: 'Send 3 to 500 characters on one line, percent-encoded as UTF-8 where they are not ASCII.',
  },
  'idempotency.key-required': {
    meaning: 'The route must be safe to repeat and needs a key.',
    remedy: 'Send a fresh Idempotency-Key for each new request, and the same one when repeating it.',
  },
  'idempotency.key-invalid': {
    meaning: 'The key is empty, too long, or holds other than visible ASCII.',
    remedy: 'Send 1 to 255 visible ASCII characters, e.g. a UUID.',
  },
  'idempotency.mismatch': {
    meaning: 'The key was used within 24 hours for another request.',
    remedy: 'Use a fresh key for a new request.',
  },
  'idempotency.erased': {
    meaning: 'The request was done before, and whom it was about was erased since; the answer went with them.',
    remedy: 'Nothing needs to be sent again. Use a fresh key for a new request.',
  },
  'request.repeated': {
    meaning: 'The same request was kept before, under another key or none.',
    remedy: 'Read what it made; nothing needs to be sent again.',
  },
  'request.without-effect': {
    meaning: 'The record does not let this be done as it stands, e.g. since it holds as many of these as it may.',
    remedy: 'Read the record; take away what is no longer needed, or change what is there.',
  },
  'change-requests.full': {
    meaning: 'Five requests of the customer wait to be decided on; no more are taken until one is.',
    remedy: 'Wait for a decision, or call.',
  },
  'change-request.settled': {
    meaning: 'The request was decided on before; `status` says how.',
    remedy: 'Nothing is to be done; a customer who still wishes it asks anew.',
  },
  'contact-points.full': {
    meaning: 'As many contact points as customers may add themselves stand in the record; `most` says how many.',
    remedy: 'Remove one that is no longer used; staff can still add others.',
  },
  'payment.no-account': {
    meaning: 'That the account was opened is not known, or was taken back: there is nothing to pay on.',
    remedy: 'Look for the right account; where this one is right, billing says first that it is open.',
  },
  'payment.currency': {
    meaning: 'The payment is in another currency than the account is kept in.',
    remedy: 'Send the amount in the currency of the account.',
  },
  'account.currency': {
    meaning:
      'The bill or payment is in another currency than its account was opened in, or the opening was taken back. The fact is kept aside and counts for nothing.',
    remedy:
      'Send it anew in the currency of the account. Where the account was opened in the wrong one, have its opening corrected; then what was kept aside is tried again.',
  },
  'outage.too-many': {
    meaning:
      'A customer, or the staff, reported so many outages at the premise in a day that a further one is refused.',
    remedy: 'Wait, or have the network looked at; while an outage is open, further reports join it.',
  },
  'outage.of-area': {
    meaning: 'The outage is that of an area, which is over when each of its premises has service again.',
    remedy: 'Restore the outages of its premises.',
  },
  'outage.already-restored': {
    meaning: 'The outage was restored before.',
    remedy: 'Read the outage; report a new one if service is out again.',
  },
  'reference.foreign': {
    meaning: 'The thing that the fact names by its id belongs to another record than the fact is addressed to.',
    remedy: 'Send the fact to the record that the thing belongs to.',
  },
  'reference.taken': {
    meaning: 'A reference names another thing already.',
    remedy: 'Check which of the two is meant.',
  },
  'exception.not-dismissed': {
    meaning:
      'The exception was not dismissed, or the rule has found something else since, so there is no dismissal to take back.',
    remedy: 'Read the exceptions; `state` is that of this one.',
  },
  'correction.undone': {
    meaning: 'The correction was taken back before.',
    remedy: 'Nothing is left to do; correct the readings anew where they are wrong.',
  },
  'insight.decided': {
    meaning: 'The insight is in this state already; `state` says which.',
    remedy: 'Read the insights again.',
  },
  'exception.closed': {
    meaning: 'This exception stands no longer; `state` says what became of it.',
    remedy: 'Read the exceptions again.',
  },
  'correction.invalid': {
    meaning: 'The values cannot be kept for this register; `errors` says which member is at fault.',
    remedy: 'Send whole intervals of one local day, over by now, of a register of the meter that was installed then.',
  },
  'tariff.busy': { meaning: 'The tariff is being written by others.', remedy: again },
  'temperatures.busy': { meaning: 'The temperatures of this area are being written by others.', remedy: again },
  'readings.busy': { meaning: 'Readings of this register are being judged by others.', remedy: again },
  'duplicate.closed': {
    meaning: 'Whether the two are one customer has been decided, or their records no longer say so.',
    remedy: 'List the duplicates anew.',
  },
  'duplicate.survivor-unknown': {
    meaning: 'The survivor is none of the two customers in question.',
    remedy: 'Name one of them, or leave it out.',
  },
  'match.too-few': {
    meaning: 'There are too few customers to learn from what tells records of one customer from others.',
    remedy: 'Use the weights to begin with, or train again when there are more customers.',
  },
  'reference.unknown': {
    meaning: 'A reference or id fits nothing yet; a fact waits for it, a route does not.',
    remedy: 'Check the reference, or send what creates it.',
  },
  'owner.erased': {
    meaning: 'The person was erased; nothing more is kept about them.',
    remedy: 'Register the person anew, if they are a customer again.',
  },
  'payment.too-large': {
    meaning:
      'The amount is above the most that is taken there: at the desk, or of any payment. A fact with more is kept aside and counts for nothing until somebody has looked at it.',
    remedy: 'Check the amount. Larger ones come through billing, or its bound is raised by those who run the system.',
  },
  'payment.date-by-billing': {
    meaning: 'The day on which money counts as received is for billing to choose; for other staff it is today.',
    remedy: 'Leave `receivedOn` out, or ask billing to enter the payment.',
  },
  'payment.date': {
    meaning: 'The day on which money is said to have come lies before the account opened, or is still to come.',
    remedy: 'Send a `receivedOn` from the opening of the account until today, or none.',
  },
  'payment.not-ours': {
    meaning: 'The payment was booked by another system, not by staff here.',
    remedy: 'Have it taken back where it was booked; that system says so by billing.payment.reversed.v1.',
  },
  'payment.reversed': {
    meaning: 'The payment was taken back before.',
    remedy: 'Nothing is to be done; /v1/accounts/{id}/payments says when and why.',
  },
  'reversal.pending': {
    meaning: 'Somebody has asked for the payment to be taken back already; a second person has not decided yet.',
    remedy: 'Ask a supervisor or billing to decide: /v1/reversal-requests lists what waits.',
  },
  'reversal.too-many': {
    meaning: 'Very many requests to take payments back wait on this account.',
    remedy: 'Have those decided that wait (/v1/reversal-requests), then ask again.',
  },
  'reversal.not-pending': {
    meaning:
      'No such request waits for a decision: it was decided before, the payment was taken back, or it was never made.',
    remedy: 'Look at the payment again, and decide on the request that it shows.',
  },
  'reversal.second-person': {
    meaning: 'It takes a second person: neither who asked nor who took the payment.',
    remedy: 'Leave it to another supervisor, or to billing.',
  },
  'erasure.blocked': {
    meaning: 'Something stands against erasing the person; `blockers` says what, account by account.',
    remedy:
      'Settle what stands against it, then ask again. What stands against it at all is the policy of the utility.',
  },
  'erasure.pending': {
    meaning: 'Somebody has asked for the person to be erased already; a second person has not decided yet.',
    remedy: 'Ask a second person of the role privacy to decide: /v1/erasure-requests lists what waits.',
  },
  'erasure.not-pending': {
    meaning: 'No such request waits for a decision: it was decided before, or never made.',
    remedy: 'Look at where the erasure stands, and decide on the request that it shows.',
  },
  'erasure.second-person': {
    meaning: 'It takes a second person: who asked for an erasure does not decide on it.',
    remedy: 'Leave it to somebody else of the role privacy.',
  },
  'erasure.reason-names': {
    meaning: 'The reason holds a word of the name, or a contact point, of the person: it stays when they are gone.',
    remedy: 'Say why without saying who, for example by the number of the request.',
  },
  'csr.invalid': {
    meaning: 'The certificate request cannot be read or its signature does not hold.',
    remedy: 'Make a fresh request with the key of the meter.',
  },
  'meter.invalid': {
    meaning: 'What was said of a meter does not fit together.',
    remedy: 'Put right what `errors` names.',
  },
  'meter.unknown': { meaning: 'No such meter is registered.', remedy: 'Register the meter first.' },
  'dispute.none': {
    meaning: 'No sources say different things of it for that time, so there is nothing to settle.',
    remedy:
      'Read the premise or the meter again: `disputed` says which days are in dispute. What one source says wrongly it corrects itself.',
  },
  'dispute.not-claimed': {
    meaning: 'No source says that for the time in dispute.',
    remedy: 'Choose one of the claims that `disputed` lists.',
  },
  'meter.busy': { meaning: 'The meter is being changed by another request.', remedy: again },
  'meter.exchange-only': {
    meaning: 'The meter has a key, was installed or was cut off: registering it gives it no other key.',
    remedy: 'A supervisor has the key exchanged (`POST /v1/meters/{id}/key-exchange`), with a reason.',
  },
  'meter.registers-differ': {
    meaning: 'The meter is registered with other registers.',
    remedy: 'Send the registers it was registered with.',
  },

  'service-point.unknown': { meaning: 'There is no such service point.', remedy: 'Check the id or reference.' },
  'service-point.no-meter': {
    meaning: 'No meter has measured this service point yet.',
    remedy: 'Install a meter there, or ask for another service point.',
  },
  'range.empty': { meaning: 'The range ends before it begins.', remedy: 'Send a `to` that lies after `from`.' },
  'range.too-long': { meaning: 'The range is longer than eleven years.', remedy: 'Ask for a shorter range.' },
  'register.unknown': {
    meaning: 'The service point has no register of that name.',
    remedy: 'Leave `register` out, or name one of those that /v1/service-points/{id} lists.',
  },
  'usage-file.too-large': {
    meaning: 'The file would be larger than one answer may be, which is 6 MB.',
    remedy: 'Ask for at most `days` days at a time, or for one `register`.',
  },
  'usage-file.not-writable': {
    meaning:
      'The format cannot say what was measured there; `reason` tells what: a name, a unit, a length of intervals, a value.',
    remedy: 'Take another format, another `register`, or a range without what the format cannot say.',
  },
  'usage.busy': { meaning: 'Usage of this service point is being written by others.', remedy: again },

  // Facts, one by one
  'fact.invalid': {
    meaning: 'A fact does not fit its type.',
    remedy: 'Put right what `errors` names and send it again.',
  },
  'fact.unknown-type': { meaning: 'There is no such fact type.', remedy: 'See the list of fact types.' },
  'fact.conflict': {
    meaning: 'The source sent the same event id before, with other content. Both are kept.',
    remedy: 'Send a new event under a new id.',
  },
  'fact.future': {
    meaning: 'The fact occurred more than 5 minutes ahead of its receipt.',
    remedy: 'Check the clock of the source.',
  },
  'fact.erased': {
    meaning: 'The fact speaks of a person who was erased.',
    remedy: 'Nothing: it is not kept, and nothing of it comes back by sending it again.',
  },

  // Events and patterns
  'event.shape': { meaning: 'An event does not have the shape of one.', remedy: 'Put right what `errors` names.' },
  'event.too-large': { meaning: 'An event is larger than the bus takes.', remedy: 'Send less in one event.' },
  'pattern.shape': {
    meaning:
      'The event pattern is not built as one: a field holds no list, a list or object is empty, or an operator has company.',
    remedy: 'Put right what `errors` names; the words are those of EventBridge.',
  },
  'pattern.operator': {
    meaning: 'The event pattern uses an operator that EventBridge does not know there.',
    remedy:
      'Use exact values, prefix, suffix, equals-ignore-case, wildcard, anything-but, numeric, exists, cidr or $or, in lower case.',
  },
  'pattern.value': {
    meaning: 'An operator of the event pattern was given something it does not take.',
    remedy: 'Put right what `errors` names; the words are those of EventBridge.',
  },
  'pattern.too-complex': {
    meaning:
      'The event pattern passes a limit of EventBridge: 4,096 characters, 1,000 combinations of $or, or ten wildcards a text may fit at once.',
    remedy: 'Use prefix or suffix instead of wildcards, shorten what repeats after a `*`, or make two rules of it.',
  },

  // Our side
  'audit.unavailable': { meaning: 'The look could not be recorded, so nothing is shown.', remedy: again },
  'service.busy': { meaning: 'The system is busy.', remedy: again },
  'service.timeout': { meaning: 'The request took too long.', remedy: again },
  'service.starting': { meaning: 'The system is starting.', remedy: again },
  'commit.busy': { meaning: 'Others are writing to the same subject.', remedy: again },
  'rules.older': {
    meaning: 'The subject was folded by the rules of an earlier version, and is being folded anew.',
    remedy: again,
  },
  'rules.newer': { meaning: 'The subject was folded by newer rules than this function has.', remedy: again },
  'store.in-use': {
    meaning: 'Another process has the data folder open.',
    remedy: 'Stop the other process, or use another folder (--data).',
  },
  'store.damaged': {
    meaning: 'Files in the data folder are not what was written.',
    remedy: 'Restore the folder from a backup, or use another (--data).',
  },
  'sign-in.damaged': {
    meaning: 'The file of the keys of the sign-in holds none.',
    remedy: 'Remove the file: new keys are made, and everybody signs in anew.',
  },
  'store.failing': {
    meaning: 'The last write was not stored: the disk is full or failing.',
    remedy: 'Make room on the disk, or see what the log says of it; what was answered as taken is stored.',
  },
  'data-folder.unusable': {
    meaning: 'The data folder is no folder, or cannot be written.',
    remedy: 'Let the user of the process write there, make room on its disk, or use another folder (--data).',
  },
  'data-folder.foreign': {
    meaning: 'The folder that is to be the data folder holds what others put there.',
    remedy: 'Use an empty folder (--data).',
  },
  'data-folder.key-lost': {
    meaning: 'A key of the data folder is gone; what it opens is there.',
    remedy: 'Put the key back from a backup, or use another folder (--data).',
  },
  'data-folder.key-other': {
    meaning: 'The master key in the data folder is not the one it was written with.',
    remedy: 'Put the right key back from a backup, or use another folder (--data).',
  },
  'erasures.unusable': {
    meaning: 'The register of who was erased cannot be read or written, or an entry of it is damaged.',
    remedy: 'Mend what the line names, or put the file back from a backup.',
  },
  'erasures.lost': {
    meaning: 'The register of who was erased is not where the data folder expects it.',
    remedy:
      'Put it back, or name it (--erased). Where it is lost for good, --erased-lost begins another: whoever was erased after the copy was made is back.',
  },
  'erasures.other': {
    meaning: 'The register of who was erased belongs to another data folder.',
    remedy: 'Name the right one (--erased).',
  },
  'object.taken': { meaning: 'An object of this name is there.', remedy: 'Use another name.' },
  'object.retained': { meaning: 'The object is locked until a date.', remedy: 'Wait for that date.' },
  'seed.other-story': {
    meaning: 'The data folder was seeded with other settings.',
    remedy: 'Use the same settings, or another folder (--data).',
  },
  'seed.other-version': {
    meaning: 'Another version of Rotunda began to seed the data folder and did not end.',
    remedy: 'End it with that version, or use another folder (--data).',
  },
  internal: {
    meaning: 'Something failed on this side. Nothing of why is told; the log has it under the request id.',
    remedy: 'Tell those who run the system the request id.',
  },
  'pattern.invalid': {
    meaning: 'The event pattern is not JSON.',
    remedy: 'Send a pattern as EventBridge takes it, e.g. {"source":["rotunda.billing"]}.',
  },
  'merge.same-customer': {
    meaning: 'The two are one record, or a merge of these two stands already.',
    remedy: 'Nothing is to be done. Look at the customer to see what was merged and when.',
  },
  'merge.too-many': {
    meaning: 'The records would be one customer by more merges than there is room for.',
    remedy: 'Undo merges that others make needless: a preview of the undoing (`dryRun=true`) says that nobody leaves.',
  },
  'moment.future': {
    meaning: '`asOf` or `knownAt` lies in the future.',
    remedy: 'Ask for now or for a moment before; leave both out to see what is now.',
  },
  'merge.undone': {
    meaning: 'The merge was undone before; both are two customers again.',
    remedy: 'Nothing is to be done.',
  },
  'merge.not-a-customer': {
    meaning: 'Only customers can be merged.',
    remedy: 'Name two customers, by id or by reference.',
  },
  'field.not-in-view': {
    meaning: 'The 360 view of this customer has no value under the path.',
    remedy: 'Take the path from the view: names with dots, entries of lists by place or id in brackets.',
  },
  'pin.over': {
    meaning: 'The day until which the value is to be pinned has come already.',
    remedy: 'Name a later day, or none: the pin then holds until it is taken back.',
  },
  'value.rejected': {
    meaning: 'A value cannot be right, such as a phone number that fits no numbering plan; `errors` names each.',
    remedy: 'Ask for the value again and put it right; the codes of `errors` say what does not fit.',
  },
  'retraction.of-retraction': {
    meaning: 'The fact named is a retraction itself; retractions cannot be taken back.',
    remedy: 'Send the fact that was retracted anew, with a source event id of its own.',
  },
  'retraction.wrong-entity': {
    meaning: 'The fact named is of another entity than the retraction.',
    remedy: 'Use the retraction of its own entity: <domain>.<entity>.retracted.v1.',
  },
  'retraction.foreign-source': {
    meaning: 'The fact named came from another source system.',
    remedy: 'Let that system retract it, or a supervisor.',
  },
};

/** Codes of `errors[].code`: what the schema of a field complains of. */
export const fieldCodes: Readonly<Record<string, string>> = {
  'field.invalid-type': 'Missing, or of another type.',
  'field.invalid-format': 'A text that is not written as it should be.',
  'field.invalid-value': 'Not one of the values allowed.',
  'field.invalid-union': 'Fits none of the forms allowed.',
  'field.invalid-key': 'A name that is not allowed.',
  'field.invalid-element': 'An entry that does not fit.',
  'field.too-small': 'Too small, too short or too few.',
  'field.too-big': 'Too large, too long or too many.',
  'field.not-multiple-of': 'Not a multiple of what is asked.',
  'field.unrecognized-keys': 'Not known here.',
  'field.custom': 'Does not fit with the rest; the message says how.',
};
