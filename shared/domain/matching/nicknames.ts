/** Given names that stand for each other; the first of a line is the full form. A name may stand in several lines. */
const lines = `
abigail abby gail abbie
albert al bert bertie
alexander alex alec sandy lex xander sasha
alexandra alex sandra alexa sasha lexi
alfred alf fred alfie
alison ali allie alice
amanda mandy
andrew andy drew
angela angie
anne ann anna annie nan nancy
anthony tony ant antony
antonio tony
arthur art artie
barbara barb babs barbie
beatrice bea trixie
benjamin ben benny benji
bernard bernie
bradley brad
caroline carol carrie caro
catherine cathy cath kate katie kathy kitty cat katherine kathryn kath kay catharine
charles charlie chuck chas chaz
charlotte lottie charlie lotte
christina chris tina chrissie
christine chris tina chrissie
christopher chris kit topher
clifford cliff
daniel dan danny
danielle dani
david dave davy davie
deborah deb debbie debra
dennis den denny
derek del
dominic dom
donald don donnie
dorothy dot dotty dolly
douglas doug
edward ed eddie ted teddy ned
eleanor ellie nell nora ella elinor
elizabeth liz lizzie beth betty eliza libby bess lisa elsie betsy elisabeth
emily em emmy millie
emma em
eric rick
ernest ernie
eugene gene
felicity flick fliss
florence flo flossie
frances fran fanny francie
francis frank fran
franklin frank
frederick fred freddie freddy rick
gabrielle gabby gabi
geoffrey geoff jeff jeffrey
george georgie
gerald gerry jerry
gerard gerry
gillian gill jill jilly
gregory greg
gwendolyn gwen
harold harry hal
harriet hattie harry
helen nell nellie ellen
henry harry hank hal
hugh hughie
isabella bella izzy isabelle isabel
jacob jake
jacqueline jackie jacqui
james jim jimmy jamie jem
janet jan
janice jan
jeffrey jeff geoff geoffrey
jennifer jen jenny jenna
jeremy jerry jez
jessica jess jessie
joanna jo joan joanne
joanne jo
john jack johnny jon
jonathan jon jonny nathan john
joseph joe joey
josephine jo josie
joshua josh
judith judy jude
julian jules
julia julie jules
katherine kate katie kathy kitty cathy kath kay catherine kathryn
kenneth ken kenny
kimberly kim kimberley
kristina kris tina
lawrence larry laurie lawrie laurence
leonard len lenny leo
leslie les
lewis lew louis
lilian lily lil
louis lou louie
louise lou
lucy lou
madeleine maddie madeline
malcolm mal
margaret maggie meg peggy marge margie rita greta
maria mary mia
marjorie marge
martin marty
martha mattie
mary molly polly mae marie
matilda tilly mattie
matthew matt matty
maurice mo
maxwell max
melanie mel
melissa mel lissa
michael mike mick micky mikey mickey
michelle shelly chelle
mildred millie
mohammed mohammad muhammad mohamed mohd mo
natalie nat
nathan nate nat
nathaniel nathan nate nat
nicholas nick nicky nico
nicola nicky nikki
nicole nicky nikki
norman norm
oliver ollie olly
olivia liv livvy
pamela pam
patricia pat patty tricia trish patsy
patrick pat paddy
pauline polly
penelope penny
peter pete
philip phil pip phillip
philippa pippa pip
priscilla cilla
rachel rach
raymond ray
rebecca becky becca bec
richard rick dick rich richie ricky
robert bob rob bobby robbie bert
roberta bobbie
roderick rod
rodney rod
roger rodge
ronald ron ronnie
rosemary rose rosie
roxanne roxy
russell russ
samantha sam sammy
samuel sam sammy
sandra sandy
sarah sally sadie sara
sebastian seb
sharon shaz
sidney sid
sophia sophie
stanley stan
stephanie steph
stephen steve stevie steven
stuart stu stewart
susan sue susie suzie susanna
suzanne sue suzie
sylvia syl
terence terry
teresa terry tess tessa theresa
theodore ted teddy theo
thomas tom tommy
timothy tim
valerie val
victor vic
victoria vicky tori vic vicki
vincent vince vinny
virginia ginny
vivian viv
walter wally walt
wendy wen
wilfred wilf fred
william will bill billy willy liam
winifred winnie freda
yvonne von
zachary zach zack zac
`;

const membersOf: readonly (readonly string[])[] = lines
  .trim()
  .split('\n')
  .map((line) => line.split(' '));

const groups: ReadonlyMap<string, readonly number[]> = (() => {
  const found = new Map<string, number[]>();
  for (const [place, members] of membersOf.entries())
    for (const name of new Set(members)) {
      const known = found.get(name);
      if (known === undefined) found.set(name, [place]);
      else known.push(place);
    }
  return found;
})();

const none: readonly number[] = [];

/** Groups of names that a given name belongs to. */
export const nicknameGroups = (name: string): readonly number[] => groups.get(name) ?? none;

/** Other names that people use for the same given name, full forms first: `bill` gives `william`, then `billy`, `liam`, `will`. */
export const nicknamesOf = (name: string): readonly string[] => {
  const found = nicknameGroups(name).map((place) => membersOf[place] ?? []);
  const full = found.flatMap((members) => members.slice(0, 1));
  const short = found.flatMap((members) => members.slice(1)).sort();
  return [...new Set([...full, ...short])].filter((other) => other !== name);
};

export const shareNickname = (left: readonly number[], right: readonly number[]): boolean => {
  for (const group of left) if (right.includes(group)) return true;
  return false;
};
