"""First names of the British Isles and of those who have come there: whose run of capitals is a person, and
whether "he" or "she" may be meant."""

from .lists import word_list

MEN = frozenset(
    word_list(
        "aaron abdul adam ade adebayo adrian ahmed aidan akbar alan alasdair alastair albert alec "
        "aled aleksander alex alexander alexei alfie alfred algernon alistair alun alvin ambrose amir "
        "amit amjad anand anders andre andrei andrew andy aneurin angelo angus anil ansel anthony "
        "antoine anton antonio archie ari arjun armando arnold arran arthur arturo arun ashok ashraf "
        "asif attila august austin ayman babatunde balbir baljit barnaby barney barry bart bashir "
        "basil bassam ben benedict benjamin benoit bernard bernie bertie bertrand bilal bill bjorn "
        "bob bogdan boris brad bradley brandon brendan brent brett brian bruce bruno bryan bryce bryn "
        "burak byron caleb callum calvin carl carlo carlos carlton cathal cecil cedric cesar chad "
        "charles chidi chike chinedu christian christopher chukwuma ciaran cillian clarence clark "
        "claude clayton clement cliff clifford clive cody colin colm connor conor conrad cormac "
        "cornelius costel craig curtis cuthbert cyril dafydd damian damien damon dan daniel daniyal "
        "darius darragh darrell darren darryl dave davey david davide dean declan deepak demetrius "
        "denis dennis derek derrick desmond dewi diarmuid didier diego dillon dimitri dmitri dominic "
        "dominik donal donald donnie donovan doug dougal dougie douglas dragan duane duncan dwayne "
        "dylan eamon eamonn ed eddie edgar edmund eduardo edward edwin efe eirik elias elijah elliot "
        "elliott elton elwyn emeka emil emilio emlyn emmanuel emre emrys emyr enda enrique enzo "
        "eoghan eoin eric ernest ernesto errol esteban ethan euan eugene evan evander everett ewan "
        "ezra fabian faisal farhan farouk farrukh feargal fearghal felipe felix femi ferdinand ferenc "
        "fergus fernando filip finlay finn fintan fionn floyd francesco francis francisco franco "
        "francois frank franklin fraser fred freddie frederick friedrich gabor gabriel ganesh gareth "
        "garry garth gary gaurav gavan gavin gene geoff geoffrey geoffroy george geraint gerald "
        "gerard gerry gerwyn gethin gianni gideon gilbert giles gino giovanni giuseppe glen glenn "
        "glyn gopal goran gordon goronwy graeme graham grant granville greg gregor gregory griff "
        "gruffydd grzegorz guillermo gunther gurpreet gus gustav guy gwilym gwyn hakan hamid hamish "
        "hamza hani hank hans hari harjit harold haroon harrison harry haruki harvey hassan hector "
        "heinrich henri henrik henry herbert herman hideo hiroshi horace howard hubert hugh hugo "
        "humphrey hussein huw hywel iain iain-og ian ibrahim idris iestyn ieuan ifan ifeanyi ifor "
        "igor ilya imad imran ioan ionut iqbal isaac ismail istvan ivan ivo ivor jabari jack jackson "
        "jacob jagdeep jaime jake jakub jamal james jamil jarvis jason jasper javed javier jawad jay "
        "jean-paul jed jeff jefferson jeffrey jens jeremy jerome jerry jerzy jesus jethro jiang jim "
        "jimmy joachim joakim joaquin joe joel joerg johan johannes john johnny jon jonas jonathan "
        "jonathon jonny jorge jose josef joseph josh joshua juan jude julian julius junaid jurgen "
        "justin kabir kamal kamran karam karim karl karthik kasim kayode kazuo keegan keir keith "
        "kelvin ken kendrick kenji kenneth kenny kent kevan kevin khaled khalid kieran killian "
        "kingsley kirk klaus kofi konrad krishna kristof krzysztof kumar kurt kwabena kwame kyle "
        "lachlan lamar lance larry lars laszlo laurence laurent lawrence leo leon leonard leonardo "
        "leroy lester levi lewis liam linus lionel llew llewellyn lloyd lorcan lorenzo lorne louis "
        "loyd luca lucas luigi luis lukas lukasz luke luther lyndon magnus mahmoud majid malcolm "
        "mandeep manjit manoj mansoor manuel marc marcel marco marcus marek mariano mario mark marko "
        "marlon marshall martin martyn marvin masood mateusz mathew mathias matt matteo matthew "
        "mattias maurice mauricio max maxwell mehmet meirion merfyn mervyn micah michael michal "
        "micheal mick miguel mihai mikael mike mikhail milan miles milo milton mitch mitchell mohamed "
        "mohammed mohan mohsin montgomery morris muhammad mungo murdo murray musa mustafa myles nabil "
        "nadeem naeem nasir nathan nathaniel naveed neal ned neil nelson nestor neville niall "
        "nicholas nick nicolas niels nigel nikhil nikola nikolai nikos nils nizar noah norman nuno "
        "oisin olaf oleg oliver ollie olu olumide oluwaseun oluwole omar omari onur orlando orson "
        "osama oscar osei osian oswald otis otto owain owen pablo paddy padraig paolo pascal patrice "
        "patrick paul pavel pawel peadar pearse pedro percy perry pete peter petros phil philip "
        "phillip pierre piers piotr prakash pranav prem qasim quentin quincy radu rafael rahul raj "
        "rajan rajesh ralf ralph ramesh ramon ramzi randall randy raphael rashid rasmus raul ravi "
        "ravinder raymond reece reg reggie reginald reid reuben rex reza rhodri rhydian rhys ricardo "
        "riccardo richard rick ricky rishi rob robert roberto rocco rod roddy roderick rodney rodrigo "
        "roger rohan rohit roland rolf roman romeo ron ronald ronan ross roy royston ruairi ruari "
        "ruaridh ruben rudolf rudy rufus rupert russ russell rusty ryan saad sadiq saeed sajid salim "
        "salman salvador salvatore samer sami samir sammy samuel sandeep sandro sanjay sanjeev "
        "santiago saul scot scott seamus sean seb sebastian segun selwyn serge sergei sergio seth "
        "shabir shaheen shahid shahzad shaikh shane shaun sheldon shiv shuja siarl sid siddharth "
        "silas silvio simeon simon sinclair solomon soren spencer stan stanislaw stanley stefan "
        "stephan stephane stephen steve steven stewart struan stuart sukhdev sunil suresh sven syed "
        "sylvester tadeusz tadhg taher tahir takashi talib tariq tarquin tate tavish tawfiq tayo ted "
        "teifion terence terrence thabo thaddeus theo theodore thierry thomas tim timothy tobias toby "
        "todd tom tomas tomasz tommaso tommy tomos tony torsten travis trent trevor tristan troy "
        "tudor tunde tyler tyrone ulrich umar usman uwe vadim valentin vaughan venkat vernon victor "
        "vijay vikram viktor vinay vince vincent vishal vivek vlad vladimir wade wael waheed waleed "
        "wallace walter warren wasim wayne wendell wes wesley wieslaw wilbur wilfred wilhelm will "
        "willem william willie winston wojciech wolfgang woody xavier yahya yannick yasser yaw yosef "
        "youssef yuri yusuf yves zac zach zachary zack zafar zaheer zahid zain zaki zbigniew zeke "
        "zhang ziad zoltan zoran"
    )
)
WOMEN = frozenset(
    word_list(
        "abbie abby abena abi abigail abiola ada adaeze adelaide adele adriana adrienne adwoa agatha "
        "agnes agnieszka aileen ailsa aimee aine aisha aisling aiysha akosua alana aleksandra "
        "alessandra alexa alexandra alexis alice alicia alina aline alisa alisha alison alma althea "
        "alyssa ama amaka amal amanda amandeep amani amara amber amelia amina amrit amy ana anais "
        "anastasia anca andrina aneta angel angela angelina angharad angie anika anita anja anjali "
        "ann anna anne anneka annelise annette annie annika annmarie anouk antoinette antonella "
        "antonia anushka anwen aoife april araminta aretha ariana arlene asha ashleigh asma astrid "
        "athena audrey augusta aurelia aurora ava ayesha ayse azra babs barbara bea beata beatrice "
        "becky begw belinda bella berenice bernadette bernice bertha beryl bess beth bethan bethany "
        "bettina betty beverley bianca blanche bolanle bonnie branwen breda brenda brianna bridget "
        "bridie brigid brigitte brittany bronagh bronwen bronwyn brooke bryony caitlin caitriona "
        "camilla camille candace candice caoimhe cara cari carina carla carlotta carly carmel carmen "
        "carol carole caroline carolyn carrie caryl caryn carys cass cassandra cassie cate caterina "
        "catherine cathy catrin catriona cecilia celeste celia celine ceri cerian cerys chantal "
        "charlene charley charlotte charmaine chelsea cheryl chiamaka chiara chika chioma chitra "
        "chloe christa christabel christelle christie christina christine ciara cicely cindy claire "
        "clara clare claudia clementine cleo clodagh colette connie constance consuelo cora coral "
        "cordelia corinne courtney cressida cristina crystal cynthia dahlia daisy danica daniela "
        "danielle daphne darlene dawn debbie deborah dee deirdre delia delphine delyth denise desiree "
        "devi devika diana diane dilys dina dinah dolores donna dora doreen doris dorothy dympna "
        "ebony edie edith edna edwina effie efua eileen eilidh eimear eira eirlys eithne ekaterina "
        "elaina elaine eleanor elena eleni eleri elin elinor elisa elisabeth elise elissa eliza "
        "elizabeth ella ellen ellie elodie eloise elsa elsie elspeth eluned elvira emer emilia emily "
        "emma emmanuelle emmeline enid erica erika erin ernestine esi esme esmee esperanza estelle "
        "esther ethel eugenia eunice euphemia eva evangeline eve evelyn evie ewa faith faiza farah "
        "fatima fay felicia felicity fenella fern ffion fidelma fifi fiona fionnuala flavia fleur "
        "flora florence folake folasade fran frances francesca francine francoise freda freya frida "
        "funmi gabriela gabriella gabrielle gaynor geeta gemma georgia georgina geraldine gerda "
        "germaine gertrude gillian gina gisele giselle giulia glenda glenys gloria glynis grace "
        "grainne greta gretchen guadalupe gudrun gurinder gwawr gwen gwenda gwendolyn gwenllian "
        "gwladys gwyneth habiba hadiya hafsa hajra halima hana hanan hanna hannah harpreet harri "
        "harriet hatice hattie hayley hazel heather heidi heledd helen helena helene helga henrietta "
        "hermione hester hetty hilary hilda hillary hina holly hope huda ida ifeoma ilana iman imogen "
        "indira indra ines inga ingeborg inger ingrid ioana iona ira irene irina iris irma isabel "
        "isabella isha isla isobel isolde ivana ivy iwona izzy jacinta jacqueline jade jameela jana "
        "jane janelle janet janette janice janie janina jasmine jayne jeanette jeanne jemima jemma "
        "jen jenna jennie jennifer jenny jessica jessie jill jillian joan joann joanna joanne joely "
        "johanna jolene josephine josie joy joyce juanita judi judit judith judy julia juliana julie "
        "juliet juliette june justine kaja kajal kamala kamila kara karen karin karina karolina karon "
        "kasia kat katarina katarzyna kate katerina kath katharine katherine kathie kathleen kathryn "
        "kathy katie katja katrina katy kavita kay kaye kayla keeley keisha kelechi kelsey kemi "
        "kendra kerri kezia khadija kiera kimberly kira kirsten kirstie kirstin kirsty kristen "
        "kristin kristina krystyna laila lakshmi lana lara larissa latifa latisha latoya laura lauren "
        "lavinia layla lea leah leanna leanne leila lena leona leonie leonora lesley leticia letitia "
        "lexi leyla liane libby lidia lila lilian lilith lillian lilly lily lina linda lindiwe "
        "lindsey linette linnea lisa lise lisette livia liz lizzie llinos lois lola loretta lori "
        "lorna lorraine lottie louisa louise lourdes lowri lucia luciana lucie lucille lucinda lucy "
        "luisa luned luz lydia lyn lynda lyndsey lynette lynn lynne lynsey maame mabel macy maddie "
        "madeleine madhuri madison mae maeve magda magdalena maggie mahnoor mair mairead mairi "
        "mairwen maisie maja makeda malala malgorzata mandy manon mara marcella marcelle marcia "
        "margaret marged margery margot marguerite mari maria mariam marian mariana marianne marie "
        "mariella marilyn marina marisa marisol marissa marjorie marla marlene marnie marta martha "
        "martina marva mary mary-ann maryam matilda maud maude maureen mavis maxine may maya meena "
        "meera megan mehreen melanie melinda melissa menna mercedes mercy meredith mererid merle "
        "merryn mia michaela michele michelle mildred mina mindy minnie mirabel mirela miriam misha "
        "missy moina moira mollie molly mona monica monika monique morag morgana morwenna muna muriel "
        "myfanwy myra myrtle nadia nadine nadira naima nancy nandini nanette naomi narges nasreen "
        "natalia natalie natalya natasha nazia neelam neha nell nellie nerys nessa nesta ngozi nia "
        "niamh nichola nicola nicole nicolette nighat nikita nikki nina nisha nkechi noeleen noelle "
        "nokuthula nolwenn nomvula noor nora noreen norma nuala nuria nusrat nyree octavia odette "
        "olena olga olive olivia olwen olwyn oona oonagh ophelia orla orlagh paige paloma pam pamela "
        "pandora parveen patricia patsy paula pauline pearl peggy penelope penny perpetua petra "
        "petronella philippa philomena phoebe phyllida phyllis pia pippa polina polly poppy portia "
        "preethi preeti primrose prisca priscilla priti priya prudence prue purnima rabia rachael "
        "rachel rachida radhika rae raina ramona rana rani raquel rashida raya rebecca reena regina "
        "rena renata renee rhian rhiannon rhoda rhona rhonda ria rina rita roberta robyn rochelle "
        "roisin romola rona rosa rosaleen rosalie rosalind rosalyn rosamund rosanna rose roseann "
        "roseanne rosemary rosheen rosie rosina rowena roxanne roz rozalia ruby rukhsana ruksana runa "
        "rupa rupinder ruth saba sabrina sadia sadie safiya saima sally salma salome samantha samina "
        "samira sana sandhya sandra sanja sanna saoirse sara sarah saroja saskia scarlett seema "
        "selina selma serena shabana shanti shari sharon shashi shauna shazia sheela sheena sheila "
        "shelagh shelley sheree sheri sherry shirley shona shreya sian sibyl sidra sienna sigrid "
        "silvana silvia simona simone simran sindy sinead siobhan sioned siri siwan sloane sofia "
        "sofie soledad solveig sonia sonja sophia sophie soraya sorcha stacey stefania stella "
        "stephanie stephany sue suella sukhi sultana suman sumaya sunita surinder susan susanna "
        "susannah susie suzan suzanna suzanne suzie svetlana swati sybil sylvia sylvie tabitha "
        "tahmina talia tallulah tamar tamara tammy tamsin tania tanisha tansy tanya tara taryn tasha "
        "tatiana tegwen teleri teresa teresita terri tessa thandiwe thea thelma theodora theresa "
        "thomasina tia tiffany tilda tilly tina titilayo tonya tracey tracie tricia trina trish "
        "trisha trixie trudi trudy tuba uchenna uma una ursula urszula valentina valeria valerie "
        "vanda vanessa veena velma venetia vera verna veronica veronique vicki vickie vicky victoria "
        "vidya viola violet virginia vivien vivienne wanda wangari wendy wiktoria wilhelmina wilma "
        "winifred xanthe xiaomei yaa yasmeen yasmin yasmina yetunde yoko yolanda ysella yulia yvette "
        "yvonne zadie zahra zainab zara zaynab zeinab zelda zelma zena zoe zofia zohra zora zuleika "
        "zuzanna"
    )
)
EITHER = frozenset(
    word_list(
        "alexi ali andrea ashley ashton aubrey avery bailey blair bobbie cameron casey charlie chris "
        "corey dale dana danny darcy dominique drew ellis finley frankie harley harper hayden jackie "
        "jaden jamie jan jean jess jesse jo jody jordan jules kelly kerry kim kiran kit lane lee "
        "leigh leslie lindsay loren lou marion mel micky mo morgan nana nat nicky nico noel parker "
        "pat peyton quinn ray reese remy rene riley robbie robin ronnie rory rowan sam sandy sasha "
        "shannon shay sidney sol stacy taylor tegan terry tobi toni tracy val vivian wyn yemi"
    )
)
"""Borne by men and by women."""

MALE_TITLES = frozenset(
    ("mr", "sir", "lord", "king", "prince", "earl", "viscount", "father", "brother", "fr")
)
PEERS = frozenset(("lord", "lady", "baroness", "viscount", "earl", "countess"))
FEMALE_TITLES = frozenset(
    (
        "mrs",
        "ms",
        "miss",
        "dame",
        "lady",
        "baroness",
        "queen",
        "princess",
        "countess",
        "sister",
        "mx",
        "mum",
        "mother",
    )
)
TITLES = (
    MALE_TITLES
    | FEMALE_TITLES
    | frozenset(
        word_list(
            "dr doctor prof professor rev reverend rt hon rt. hon. cllr councillor judge justice sen "
            "senator rep "
            "representative gov governor president pope archbishop bishop rabbi imam canon gen general col "
            "colonel "
            "lt lieutenant capt captain sgt sergeant maj major cpl pc dc ds di dci det insp inspector supt "
            "superintendent chief detective constable commissioner ambassador ald alderman congressman "
            "congresswoman secretary minister chancellor premier mayor the"
        )
    )
)
_FIRST_NAMES = MEN | WOMEN | EITHER


def gender_of(title: str, name: str) -> str:
    words = title.lower().replace(".", "").split()
    if any(word in FEMALE_TITLES for word in words):
        return "f"
    if any(word in MALE_TITLES for word in words):
        return "m"
    first = name.split()[0].lower() if name else ""
    if first in EITHER:
        return ""
    return "m" if first in MEN else "f" if first in WOMEN else ""


def is_first_name(word: str) -> bool:
    bare = word.lower()
    return bare in _FIRST_NAMES or bare.partition("-")[0] in _FIRST_NAMES
