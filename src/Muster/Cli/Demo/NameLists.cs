namespace Muster.Cli;

/// <summary>First and last names that go together.</summary>
internal sealed record Culture(string[] First, string[] Last);

/// <summary>Names for invented people, put together by us from what is common in many places; any likeness is chance.</summary>
internal static class NameLists
{
    /// <summary>Each is as likely as the next, so that a list of people looks like a city.</summary>
    public static IReadOnlyList<Culture> All { get; } =
    [
        Of(
            "Amelia, Oliver, Isla, George, Ava, Harry, Freya, Arthur, Grace, Noah, Poppy, Jack, Evie, Leo, Florence, Alfie, Mary-Ann, Edward, Beatrice, Rosalind",
            "Smith, Taylor, Brown, Wilson, Evans, Walker, Wright, Robinson, Thompson, Hughes, Edwards, Green, Baker, Clarke, Hill, Ashworth, Fairfax-Lowe, Pemberton, Whitfield, Thornbury"
        ),
        Of(
            "Saoirse, Conor, Niamh, Cillian, Aoife, Oisín, Ciarán, Róisín, Séamus, Gráinne, Caoimhe, Tadhg, Eimear, Pádraig",
            "O'Neill, O'Neill, O'Neill, O'Brien, Murphy, Kelly, Byrne, Ryan, O'Sullivan, Doyle, McCarthy, Gallagher, Ní Dhomhnaill, Fitzgerald, O'Connor, Breathnach"
        ),
        Of(
            "Eilidh, Callum, Mhairi, Hamish, Fiona, Ewan, Catriona, Angus, Iona, Rory",
            "MacDonald, Campbell, Stewart, Fraser, Sinclair, MacLeod, Ross, Grant, Murray, McTavish"
        ),
        Of(
            "Carys, Rhys, Megan, Dylan, Ffion, Gareth, Siân, Huw, Nerys, Emyr",
            "Jones, Davies, Llewellyn, Morgan, Griffiths, Pritchard, ap Rhys, Vaughan, Bevan, Cadwaladr"
        ),
        Of(
            "María José, Alejandro, Lucía, Javier, Carmen, Íñigo, Sofía, Andrés, Núria, Joaquín, Begoña, Jesús, Paula, Álvaro",
            "García, Martínez López, Fernández, González, Rodríguez, Núñez, Ibáñez, Muñoz Castro, Ortega, Peña, Sánchez, Romero, de la Fuente, Ruiz"
        ),
        Of(
            "Catalina, Santiago, Valentina, Mateo, Camila, Emiliano, Ximena, Facundo, Luz Marina, Thiago",
            "Hernández, Ramírez, Quispe, Mamani, Flores, Gutiérrez, Restrepo, Villanueva, Cárdenas, Huamán"
        ),
        Of(
            "João, Inês, Tiago, Beatriz, Gonçalo, Leonor, Luís, Conceição, Rui, Matilde",
            "Silva, Santos, Ferreira, Gonçalves, Magalhães, Simões, de Araújo, Teixeira, Brandão, Assunção"
        ),
        Of(
            "Chloé, Jean-Baptiste, Manon, Théo, Élodie, François, Noémie, Maël, Anaïs, Loïc, Marie-Hélène, Gaël",
            "Martin, Bernard, Lefèvre, d'Aubigné, Gauthier, Béranger, Moreau, Le Goff, Dupré, Côté, L'Heureux, Saint-Pierre"
        ),
        Of(
            "Jürgen, Anneliese, Björn, Käthe, Lukas, Hannelore, Günther, Sabine, Matthias, Ursula",
            "Müller, Schäfer, Weiß, Köhler, von der Heide, Schröder, Krüger, Bauer, Groß, Lindenmaier"
        ),
        Of(
            "Daan, Sanne, Jeroen, Fleur, Pieter, Anouk, Sjoerd, Roos, Thijs, Wilhelmina",
            "de Vries, van den Berg, 't Hart, Jansen, Bakker, van der Meer, Smit, Dijkstra, in 't Veld, Hoekstra"
        ),
        Of(
            "Åsa, Sören, Ingrid, Håkan, Linnea, Øyvind, Astrid, Søren, Freja, Jón, Þórunn, Eero, Päivi, Sigríður",
            "Bergström, Öberg, Åkesson, Nygård, Sørensen, Kjærgaard, Hansen, Østby, Jónsdóttir, Virtanen, Mäkinen, Guðmundsson, Lindqvist, Hämäläinen"
        ),
        Of(
            "Łukasz, Agnieszka, Paweł, Małgorzata, Krzysztof, Zofia, Grzegorz, Bożena, Michał, Świętosława",
            "Kowalski, Wiśniewska, Wójcik, Kamiński, Zieliński, Dąbrowska, Szymański, Jabłońska, Kaczmarek-Nowak, Żurawski"
        ),
        Of(
            "Jiří, Tereza, Ondřej, Zuzana, Matěj, Ľubica, Štefan, Žaneta, Čeněk, Magdaléna",
            "Novák, Dvořáková, Černý, Procházka, Kučerová, Horváth, Šťastný, Kováč, Růžička, Hrušková"
        ),
        Of("Zsófia, László, Ágnes, István, Réka, Gergő, Orsolya, Csaba", "Nagy, Kovács, Szabó, Tóth, Kőszegi, Fekete, Bíró, Szűcs"),
        Of(
            "Ștefan, Ioana, Mihai, Crăița, Bogdan, Anca, Răzvan, Țvetana",
            "Popescu, Ionescu, Munteanu, Drăgulescu, Țepeș, Stănescu, Georgiev, Dimitrova"
        ),
        Of(
            "Đorđe, Ana, Željko, Ivana, Marko, Jelena, Luka, Nađa, Blaž, Špela",
            "Horvat, Kovačević, Jovanović, Đurić, Petrović, Novak, Žižek, Božić, Krajnc, Ćosić"
        ),
        Of(
            "Oleksandra, Taras, Yuliia, Andriy, Kateryna, Bohdan, Nadiya, Vasyl, Sviatoslav, Olena",
            "Shevchenko, Kovalenko, Bondarenko, Tkachenko, Kravchuk, Melnyk, Petrenko, Lysenko, Marchenko, Hnatiuk"
        ),
        Of(
            "Eleni, Giorgos, Katerina, Nikolaos, Despina, Stavros, Ioanna, Panagiotis",
            "Papadopoulos, Georgiou, Nikolaidis, Vlachos, Karagiannis, Dimitriou, Economou, Mavros"
        ),
        Of(
            "Giulia, Lorenzo, Chiara, Niccolò, Francesca, Matteo, Nicolò, Alessia",
            "Rossi, D'Angelo, Esposito, Ricci, De Luca, Conti, Dell'Acqua, Marchetti"
        ),
        Of(
            "Ayşe, Çağlar, Gülşen, Mehmet, Elif, Özgür, Şebnem, İbrahim, Tuğçe, Deniz",
            "Yılmaz, Öztürk, Çelik, Şahin, Doğan, Kılıç, Aydın, Güneş, Karaoğlu, Koç"
        ),
        Of(
            "Fatima, Omar, Layla, Yusuf, Amina, Khalid, Noor, Hassan, Mariam, Abd al-Rahman",
            "al-Khatib, Haddad, Mansour, El-Sayed, Benali, al-Masri, Nasser, Bouazizi, Khoury, Qasim"
        ),
        Of(
            "Shirin, Arash, Parisa, Navid, Golnaz, Farhad, Yael, Avi, Talia, Eitan",
            "Hosseini, Karimi, Rahimi, Tehrani, Moradi, Cohen, Levi, Ben-David, Mizrahi, Peretz"
        ),
        Of(
            "Priya, Arjun, Ananya, Rohan, Lakshmi, Vikram, Deepika, Sanjay, Kavitha, Harpreet, Gurpreet, Meenakshi",
            "Patel, Sharma, Singh, Kaur, Iyer, Reddy, Nair, Gupta, Subramanian, Chatterjee, Deshpande, Krishnamurthy"
        ),
        Of(
            "Ayesha, Imran, Zainab, Bilal, Nusrat, Tariq, Farzana, Rafiq, Sadia, Usman",
            "Khan, Ahmed, Hussain, Malik, Rahman, Chowdhury, Begum, Akhtar, Siddiqui, Mirza"
        ),
        Of(
            "Wei, Xiuying, Jun, Mei-Ling, Hao, Yan, Zihan, Lihua, Ka-Ho, Siu-Fong",
            "Wang, Li, Zhang, Chen, Liu, Lü, Zhao, Huang, Cheung, Wong"
        ),
        Of("Nguyệt, Minh, Thị Hạnh, Quốc Bảo, Phương, Đức, Thảo, Tuấn", "Nguyễn, Trần, Lê, Phạm, Huỳnh, Vũ, Đặng, Bùi"),
        Of(
            "Ji-woo, Min-jun, Seo-yeon, Hyun-woo, Haruto, Yui, Ren, Sakura, Kenji, Naoko",
            "Kim, Park, Choi, Jeong, Tanaka, Suzuki, Satō, Itō, Kobayashi, Ōtani"
        ),
        Of(
            "Jose Mari, Maricel, Rodel, Analyn, Budi, Siti Nur, Made, Putri, Somchai, Apinya",
            "Dela Cruz, Santos-Reyes, Bautista, Macaraeg, Wijaya, Suryani, Pranata, Rattanakul, Srisai, Hidayat"
        ),
        Of(
            "Adaeze, Olúwaṣeun, Chinedu, Ngozi, Babatunde, Yetunde, Emeka, Folashadé, Ifeoma, Tobi",
            "Okafor, Adeyemi, Eze, Balogun, Nwosu, Olatunji, Ọbasanjọ, Chukwu, Afolabi, Danjuma"
        ),
        Of("Kwame, Akosua, Kofi, Abena, Yaw, Ama, Kojo, Efua", "Mensah, Owusu, Boateng, Asante, Osei, Appiah, N'Diaye, Sarpong"),
        Of(
            "Wanjiru, Otieno, Achieng, Kamau, Njeri, Mutua, Tendai, Rutendo, Thabo, Nomvula",
            "Mwangi, Odhiambo, Kariuki, Wambui, Ochieng', Moyo, Chikwanha, Dlamini, Nkosi, van Wyk"
        ),
        Of(
            "Hodan, Abdirahman, Selam, Tewodros, Hiwot, Dawit, Asha, Mahad",
            "Warsame, Abdullahi, Tesfaye, Haile, Gebremariam, Bekele, Farah, Jama"
        ),
        Of(
            "Aroha, Wiremu, Mereana, Tāne, Leilani, Sione, Malia, Keoni",
            "Ngata, Tūwhare, Fonoti, Faleolo, Kealoha, Ka'ahumanu, Tau'ili'ili, Parata"
        ),
        Of(
            "DeShawn, Imani, Tyrell, Keisha, Marcus, Shanice, Winston, Marcia, Devonte, Latoya",
            "Washington, Jefferson, Baptiste, Campbell-Reid, Joseph, Grant, St. Clair, Henry, Bailey, D'Souza"
        ),
    ];

    private static Culture Of(string first, string last) => new(first.Split(", "), last.Split(", "));
}
