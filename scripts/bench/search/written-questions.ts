import { questionsFrom, type WrittenQuestions } from './read-questions.ts';

/**
 * Questions written by hand from the profiles of the utility of seed `written` with 600 customers, as somebody at a desk would type
 * them, and not made by the mutations: the number of the account of whom they mean, a part of the name where others share that account,
 * and what was typed.
 */
const lines = `
A-00004-1||yardley used to be 9 quay street
A-00004-1||steve yardley
A-00012-1||adeyemi 25 quay
A-00012-1||chiamaka
A-00012-1||chiamaka adiyemi
A-00012-1||RT-00012-1-E2
A-00017-1||tom osullivan lantern row
A-00017-1||thomas thompson
A-00017-1||o sullivan thomas 900017
A-00019-1||rodriguez 7 lantern
A-00019-1||rick rodriguez
A-00019-1||R. Rodriguez, Lantern Row
A-00023-1||neve cholmondeley
A-00023-1||niamh cholmondley
A-00023-1||Cholmondeley 11 Lantern Row
A-00030-1||bob crabtree
A-00030-1||crabtree st botolphs
A-00030-1||crab tree robert
A-00031-1||fred tattersall
A-00031-1||tattersal 31 saint botolphs lane
A-00038-1||dan thompson netmaker lane
A-00038-1||thomson daniel 13 netmaker
A-00046-1||fatima wadsworth
A-00046-1||wadsworth 29 netmaker ln saltmouth
A-00046-1||zelda.lamplighter.46.new@example.com
A-00053-1||peggy hathersage
A-00053-1||11 st swithin ave saltmouth
A-00053-1||hathersage st swithin
A-00055-1||aisha begum
A-00055-1||Ms Aisha Sinclair
A-00060-1||mike philips
A-00060-1||phillips 01632960060
A-00065-1||liv marchetti
A-00065-1||marchetti millrace walk
A-00067-1||charlie pennington
A-00067-1||pennington 7 mill race walk
A-00076-1||sanjay taylor
A-00076-1||sanjay tailor zz1 4ff
A-00084-1||ron thistlewood
A-00084-1||thistle wood 9 kittiwake
A-00084-1||thistlewood kittywake road
A-00090-1||tim fernandes
A-00090-1||fernandez 21 kittiwake rd
A-00097-1||joe patel beacon rise
A-00097-1||patel, joseph
A-00105-1||ken cholmondeley
A-00105-1||kenneth cholmondely 19 beacon
A-00113-1||kate hathersage
A-00113-1||katherine ramsbottom
A-00113-1||kathryn hathersage cooper yard
A-00121-1||vicky marsden
A-00121-1||marsden 19 cooper yd
A-00129-1||agnieska vickers
A-00129-1||vickers sandpiper close
A-00134-1||fred ashton wells
A-00134-1||dr winterbourne
A-00134-1||ashtonwells frederick
A-00136-1||charles hathersage sandpiper
A-00136-1||chas hathersage
A-00144-1||margaret williams juniper avenue
A-00144-1||maggie williams zz1
A-00152-1||pat sedgewick
A-00152-1||sedgwick 17 juniper
A-00160-1||tomasz osullivan
A-00160-1||o'sullivan old rope walk
A-00168-1||joe horvath
A-00168-1||horvat 17 old ropewalk saltmouth
A-00176-1||aisha goncalves
A-00176-1||gonzalves aisha fathom terrace
A-00183-1||sanjay gonçalves
A-00183-1||goncalves 15 fathom tce
A-00191-1||andy o sullivan
A-00191-1||andrew sullivan 31 fathom
A-00199-1||cordelia shimanski
A-00199-1||szymanski fennick bay
A-00199-1||cordelia szymanski 15 quay
A-00207-1||ken ivanova
A-00207-1||ivanova 31 quay street fennick bay
A-00215-1||greg saint germain
A-00215-1||st germain st botolphs lane
A-00215-1||stgermain gregory
A-00216-1||bill davies
A-00216-1||davis 17 st botolph's lane fennick bay
A-00223-1||nick wadsworth
A-00223-1||nicholas wordsworth fennick
A-00231-1||okonkwo joinery
A-00231-1||Okonkwo Joinery Limited
A-00231-1||okonko joinery ltd
A-00239-1||perry novotny
A-00239-1||dr novotny netmaker lane
A-00247-1||ray st clair
A-00247-1||raymond saint clair
A-00247-1||sinclair raymond saint swithin avenue
A-00255-1||gerry pennington
A-00255-1||dr g pennington 31 saint swithin
A-00260-1||chiamaka sinclair
A-00260-1||chiamaka 9 millrace walk
A-00263-1||shivaun johnson
A-00263-1||johnson 15 millrace fennick bay
A-00271-1||ingrid white
A-00271-1||dr white beacon rise fennick
A-00278-1||fitzgerald 13 kittiwake
A-00278-1||fitz gerald oluwaseun
A-00278-1||00278-1-G1
A-00286-1||olivia robinson fennick
A-00286-1||robinson 900286
A-00294-1||mick tattersall
A-00294-1||mike tatersal beacon rise
A-00302-1||kwame novotny
A-00302-1||kwame 29 beacon rise
A-00310-1||dick ashton-wells
A-00310-1||ashton 13 cooper yard
A-00318-1||sanjay adeyemi 960318
A-00324-1||ingrid pennington
A-00325-1||sam cooper sandpiper
A-00333-1||jenny fitzgerald
A-00333-1||jen fitzgerrald 27 sandpiper cl
A-00341-1||dot petrov
A-00341-1||petroff dorothy
A-00348-1||ken st clair juniper
A-00356-1||mbeki cycles
A-00356-1||Mbeki Cycles Ltd, Old Ropewalk
A-00359-1||liz greenhalgh
A-00359-1||beth greenhalsh 15 old ropewalk
A-00364-1||gerald yilmaz
A-00372-1||dr tran fathom terrace
A-00377-1||terri schneider
A-00377-1||tess schnieder 19 fathom
A-00379-1||padraig ashton
A-00388-1||piotr begum upper tarnley
A-00389-1|Frederick|freddy wright
A-00396-1||schneider raymond +44 1632 960396
A-00403-1||dave turner 7 st botolph
A-00411-1||patricia carter botolphs lane tarnley
A-00417-1|Angharad|angharad kettering
A-00417-1|Matthew|matt kettering
A-00425-1||betty rodriguez
A-00431-1||yusuf horvath 31 netmaker
A-00433-1||yamamoto
A-00441-1||bart goncalves
A-00446-1||ronnie lefevre
A-00448-1||marie claire donoghue
A-00448-1||donohue 1 millrace
A-00456-1||entwhistle
A-00464-1||netherton 1 kittiwake road tarnley
A-00487-1||alex wisniewski
A-00487-1||vishnevski alexander
A-00500-1||kathy hussain
A-00519-1||chris mccarthy
A-00520-1||smith 17 sandpiper close upper tarnley
A-00543-1||debbie robertson
A-00590-1||priya thistle wood quay street st brides
`;

export const writtenQuestions: WrittenQuestions = {
  category: 'written by hand',
  seed: 'written',
  customers: 600,
  questions: questionsFrom(lines),
};
