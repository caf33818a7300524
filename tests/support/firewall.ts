import * as z from 'zod';

const Size = z.object({
  FieldToMatch: z.record(z.string(), z.unknown()),
  ComparisonOperator: z.literal('GT'),
  Size: z.int(),
});
const Transformations = z.tuple([z.object({ Priority: z.literal(0), Type: z.literal('NONE') })]);

/** A statement of the firewall, of the kinds that own rules have. */
export interface Statement {
  readonly AndStatement?: { readonly Statements: readonly Statement[] } | undefined;
  readonly OrStatement?: { readonly Statements: readonly Statement[] } | undefined;
  readonly NotStatement?: { readonly Statement: Statement } | undefined;
  readonly LabelMatchStatement?: { readonly Key: string } | undefined;
  readonly ByteMatchStatement?: { readonly FieldToMatch: unknown; readonly SearchString: string } | undefined;
  readonly RegexMatchStatement?: { readonly RegexString: string } | undefined;
  readonly SizeConstraintStatement?: z.infer<typeof Size> | undefined;
  readonly RateBasedStatement?:
    | { readonly Limit: number; readonly CustomKeys?: readonly unknown[] | undefined }
    | undefined;
  readonly ManagedRuleGroupStatement?: { readonly Name: string } | undefined;
}

export const Statement: z.ZodType<Statement> = z.lazy(() =>
  z
    .strictObject({
      AndStatement: z.strictObject({ Statements: z.array(Statement).min(2) }),
      OrStatement: z.strictObject({ Statements: z.array(Statement).min(2) }),
      NotStatement: z.strictObject({ Statement }),
      LabelMatchStatement: z.strictObject({ Scope: z.literal('LABEL'), Key: z.string() }),
      ByteMatchStatement: z.strictObject({
        FieldToMatch: z.strictObject({ Method: z.strictObject({}) }),
        PositionalConstraint: z.literal('EXACTLY'),
        SearchString: z.string(),
        TextTransformations: Transformations,
      }),
      RegexMatchStatement: z.strictObject({
        FieldToMatch: z.strictObject({ UriPath: z.strictObject({}) }),
        RegexString: z.string(),
        TextTransformations: Transformations,
      }),
      SizeConstraintStatement: Size.extend({ TextTransformations: Transformations }),
      RateBasedStatement: z.looseObject({ Limit: z.int(), CustomKeys: z.array(z.unknown()).optional() }),
      ManagedRuleGroupStatement: z.looseObject({ Name: z.string() }),
    })
    .partial()
    .refine((one) => Object.keys(one).length === 1, 'is of one kind'),
);

/** A request as the firewall has it: bytes of query and body, and labels of the managed rules. */
export interface Request {
  readonly method: string;
  readonly path: string;
  readonly query: number;
  readonly body: number;
  readonly labels: readonly string[];
}

/** What the firewall reads of a body at most, here. */
const inspected = 64 * 1024;

const isLarger = ({ FieldToMatch, Size: size }: z.infer<typeof Size>, { query, body }: Request): boolean => {
  if ('QueryString' in FieldToMatch) return query > size;
  const { OversizeHandling } = z.strictObject({ OversizeHandling: z.string() }).parse(FieldToMatch.Body);
  // Beyond what is read, the size that is compared is what was read.
  return body > inspected ? OversizeHandling === 'MATCH' || inspected > size : body > size;
};

/** Whether a statement matches a request, as the service documents each kind. */
export const matches = (statement: Statement, request: Request): boolean => {
  if (statement.AndStatement) return statement.AndStatement.Statements.every((one) => matches(one, request));
  if (statement.OrStatement) return statement.OrStatement.Statements.some((one) => matches(one, request));
  if (statement.NotStatement) return !matches(statement.NotStatement.Statement, request);
  if (statement.LabelMatchStatement) return request.labels.includes(statement.LabelMatchStatement.Key);
  if (statement.ByteMatchStatement) return request.method === statement.ByteMatchStatement.SearchString;
  if (statement.RegexMatchStatement) return new RegExp(statement.RegexMatchStatement.RegexString).test(request.path);
  if (statement.SizeConstraintStatement) return isLarger(statement.SizeConstraintStatement, request);
  throw new TypeError('a rule of another kind is not judged here');
};

/** Capacity of the managed groups. AWS WAF Developer Guide, "Baseline rule groups". */
const ofGroup: Readonly<Record<string, number>> = {
  AWSManagedRulesCommonRuleSet: 700,
  AWSManagedRulesKnownBadInputsRuleSet: 200,
};
const transformation = 10;

/**
 * Units of capacity of a statement: the sum of its parts, each with its transformation, none shared, so more than the service
 * reckons. AWS WAF Developer Guide: "String match rule statement" (2), "Regex match rule statement" (3), "Size constraint rule
 * statement" (1), "Label match rule statement" (1), "Using rate-based rule statements" (2, and 30 for each key).
 */
export const capacity = (statement: Statement): number => {
  const sum = (all: readonly Statement[]): number => all.reduce((total, one) => total + capacity(one), 0);
  if (statement.AndStatement) return sum(statement.AndStatement.Statements);
  if (statement.OrStatement) return sum(statement.OrStatement.Statements);
  if (statement.NotStatement) return capacity(statement.NotStatement.Statement);
  if (statement.LabelMatchStatement) return 1;
  if (statement.ByteMatchStatement) return 2 + transformation;
  if (statement.RegexMatchStatement) return 3 + transformation;
  if (statement.SizeConstraintStatement) return 1 + transformation;
  if (statement.RateBasedStatement)
    return 2 + (30 + transformation) * (statement.RateBasedStatement.CustomKeys?.length ?? 0);
  const group = ofGroup[statement.ManagedRuleGroupStatement?.Name ?? ''];
  if (group === undefined) throw new TypeError('a statement of unknown capacity');
  return group;
};
