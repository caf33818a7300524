import { describe, expect, it } from 'vitest';
import { eraseAgainInSteps } from '#functions/operations/erase-again.ts';
import { eraseAgain } from '#functions/privacy/erase-again.ts';
import { type EraseParts, eraseCustomer } from '#functions/privacy/erase-customer.ts';
import type { Erasure } from '#shared/messaging/ports.ts';
import { loadSubject } from '#shared/store/subjects.ts';
import type { Table } from '#shared/store/table.ts';
import { inSteps } from '#tests/functions/operations/operator-ground.ts';
