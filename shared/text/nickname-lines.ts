/** Given names that stand for each other, as is commonly known; the first of a line is the full form. A name may stand in several lines. */
export const nicknameLines = `
abigail abby gail abbie abi
adrian ade
agatha aggie
agnes aggie nessie
agnieszka aga
aidan aiden
alan al allan allen
alastair al ali alistair alasdair
albert al bert bertie
alexander alex alec sandy lex xander sasha alick
alexandra alex sandra alexa sasha lexi lexie sandy
alfred alf fred alfie freddie al
alison ali allie alice
amanda mandy
amelia millie milly amy mel
anastasia stacey stacy tasia
andrea andi andie drea
andrew andy drew
angela angie
annabel bella belle annabelle
anne ann anna annie nan nancy
anthony tony ant antony
antoinette toni nettie
antonia toni tonia
antonio tony
archibald archie
arnold arnie
arthur art artie
augustus gus augustine august
barbara barb babs barbie barby barbra
barnabas barney
barry baz
bartholomew bart barty bartie bat tolly
beatrice bea trixie bee beatrix trix
belinda bel linda lindy
benedict ben bennie
benjamin ben benny benji benj bennie
bernadette bernie
bernard bernie barney
bertram bert bertie
bethany beth
beverley bev beverly
bradley brad
brenda bren
brendan bren
brian bryan
bridget bridie biddy brigid
caitlin cait katie
calvin cal
cameron cam
candice candy candace
caroline carol carrie caro carolyn carly caz
cassandra cass cassie sandra
catherine cathy cath kate katie kathy kitty cat katherine kathryn kath kay catharine cathie cate kat katy trina
cecilia celia cissy
cedric ced
charles charlie chuck chas chaz charley
charlotte lottie charlie lotte char lotty
cheryl cher
christian chris
christina chris tina chrissie chrissy kristina
christine chris tina chrissie chrissy kristine
christopher chris kit topher
clare claire clara
clarence clarrie
clement clem
clementine clem
clifford cliff
colin col
conrad con
constance connie
cordelia cordy cordie delia
cornelius con connie neil
cynthia cindy cyn
daniel dan danny
danielle dani
daphne daph
darren daz
david dave davy davie dai davey
deborah deb debbie debra debby debora
deirdre dee
denise dee
dennis den denny
derek del
desmond des dez
diana di diane dianne
dolores lola dolly
dominic dom
donald don donnie
dorothea dora dot thea
dorothy dot dotty dolly dottie dodie
douglas doug
duncan dunc
edgar ed eddie
edith edie
edmund ed eddie ned ted
edward ed eddie ted teddy ned eddy neddy
edwin ed eddie
elaine lainie
eleanor ellie nell nora ella elinor nellie nelly
elijah eli
elizabeth liz lizzie beth betty eliza libby bess lisa elsie betsy elisabeth liza lizzy bessie lib libbie lisbeth elspeth
ellen ellie nell nellie
emily em emmy millie emmie
emma em emmie
emmanuel manny manuel
eric rick
ernest ernie
esther essie hettie hester
eugene gene
evelyn eve evie ev
ezekiel zeke
felicity flick fliss
ferdinand ferdie
fergus ferg gus
fiona fi
florence flo flossie
frances fran fanny francie frankie franny
francesca fran frankie cesca
francis frank fran frankie
franklin frank
frederick fred freddie freddy rick fritz fredrick
gabriel gabe
gabrielle gabby gabi
gareth gaz
gary gaz garry
genevieve gen
geoffrey geoff jeff jeffrey
george georgie
gerald gerry jerry ger
geraldine gerry
gerard gerry
gertrude gertie trudy
gilbert gil bert
gillian gill jill jilly gilly
grace gracie
graham graeme grahame
gregory greg gregor
gwendolyn gwen
harold harry hal
harriet hattie harry hatty etta
helen nell nellie ellen nelly ellie helena
henry harry hank hal
herbert herb herbie bert bertie
hilary hil hillary
honora nora norah
howard howie
hubert bert
hugh hughie
ian iain
ignatius iggy
imogen immy imo
irene rene reenie
isaac ike zac
isabella bella izzy isabelle isabel issy belle
isobel izzy issy bella isabel
jacob jake
jacqueline jackie jacqui jacky
james jim jimmy jamie jem jimmie jas
jane janie janey
janet jan
janice jan
jasmine jas jazz
jason jay
jean jeannie jeanie
jeffrey jeff geoff geoffrey
jemima jem mima
jennifer jen jenny jenna jenni jennie
jeremy jerry jez
jessica jess jessie
joanna jo joan joanne
joanne jo
jocelyn joss
john jack johnny jon johnnie
jonathan jon jonny nathan john jono johnny
joseph joe joey
josephine jo josie
joshua josh
judith judy jude
julia julie jules
julian jules
juliet jules
karen kaz
katherine kate katie kathy kitty cathy kath kay catherine kathryn kat katy kit kathie
kathleen kath kathy kate katie kay
kenneth ken kenny
kevin kev
kimberly kim kimberley
kristina kris tina
lancelot lance
lauren loz laurie
lawrence larry laurie lawrie laurence loz
leonard len lenny leo lennie
leonora nora lena
leopold leo
leslie les
lewis lew louis
lilian lily lil lillian lilly
linda lindy lyn lin
llewellyn lew llew lyn
lorraine lori
louis lou louie
louise lou
lucinda lucy cindy
lucy lou
lydia lyddie
madeleine maddie madeline maddy
magdalena magda lena maggie
malcolm mal
marcus marc mark
margaret maggie meg peggy marge margie rita greta madge mags peg maisie marg margot
maria mary mia
marjorie marge
martha mattie matty
martin marty
mary molly polly mae marie may moll mamie
matilda tilly mattie tilda maud
matthew matt matty mattie
maureen mo
maurice mo
maximilian max
maxwell max
melanie mel
melissa mel lissa
meredith merry
mervyn merv
michael mike mick micky mikey mickey mickie
michelle shelly chelle
mildred millie
millicent millie milly
miriam mim mimi
mitchell mitch
mohammed mohammad muhammad mohamed mohd mo mohamad muhammed
montague monty
mortimer mort morty
natalie nat
nathan nate nat
nathaniel nathan nate nat
neil neal niall
nicholas nick nicky nico nik nicolas niko
nicola nicky nikki nik nicki
nicole nicky nikki
nigel nige
norman norm
oliver ollie olly
olivia liv livvy livia livy ollie
oluwaseun seun
oswald oz ozzie ossie
padraig paddy pat patrick padraic
pamela pam
patricia pat patty tricia trish patsy trisha patti pattie
patrick pat paddy padraig packie patsy
pauline polly
penelope penny pen
percival percy
peregrine perry
peter pete petey
philip phil pip phillip
philippa pippa pip philly
phyllis phyl
piotr piotrek
priscilla cilla
rachel rach rae rachael
randolph randy
raymond ray
rebecca becky becca bec becks beck bex rebekah
reginald reg reggie rex
reuben rube
rhiannon rhi
richard rick dick rich richie ricky ricki richy rik dickie dicky
robert bob rob bobby robbie bert robin bobbie robby rab
roberta bobbie
roderick rod
rodney rod
roger rodge
roland rollo roly
ronald ron ronnie ronny
rosalind ros roz
rosamund ros roz
rosemary rose rosie
roxanne roxy
royston roy
russell russ
ruth ruthie
salvatore sal
samantha sam sammy sammie
samuel sam sammy sammie
sandra sandy
sarah sally sadie sara sal
sean shaun shawn
sebastian seb
sharon shaz
shirley shirl
sidney sid
simon si
solomon sol solly
sophia sophie soph sophy
stanislaw stan
stanley stan
stephanie steph stef steff steffie
stephen steve stevie steven ste
stuart stu stewart
susan sue susie suzie susanna suzy sukie susannah
suzanne sue suzie suzy
sylvia syl
tabitha tabby
tamara tammy
tamsin tam
terence terry tel terrence
teresa terry tess tessa theresa terri teri terrie tessie
thaddeus tad thad
theodora dora thea
theodore ted teddy theo teddie
theresa terri teri terry tess tessa tessie teresa
thomas tom tommy tommie tam thom
timothy tim timmy
tobias toby
tomasz tomek tom
tracy trace tracey
trevor trev
tristan tris
valerie val
vanessa nessa
veronica ronnie
victor vic
victoria vicky tori vic vicki vick vikki tory
vincent vince vinny vin vinnie
violet vi
virginia ginny
vivian viv
vladimir vlad
wallace wally
walter wally walt wat
wendy wen
wilfred wilf fred
wilhelmina mina minnie willa
william will bill billy willy liam wills willie wil
winifred winnie freda win freddie
yusuf yousef youssef yusef
yvonne von
zachariah zach zack zac
zachary zach zack zac
`;
